#!/usr/bin/env bash
# The real flows, engine and connectors against the sandbox in one process, in virtual time: orders that
# are paid, changed, shipped and cancelled in every order, under faults and crashes, from a seed.
#   tests/interleavings.sh [--worlds N] [--orders N] [--first S] [--trace]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -d build/release ] || cmake --preset release > /dev/null
cmake --build --preset release --target carrick_interleavings > /dev/null
exec build/release/tests/interleavings/carrick_interleavings "$@"
