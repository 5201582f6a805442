#!/usr/bin/env bash
# The deterministic simulation: engine, store and fake connectors from a seed, in virtual time.
#   tests/simulate.sh [--seeds N] [--first S]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -d build/release ] || cmake --preset release > /dev/null
cmake --build --preset release --target carrick_simulate > /dev/null
exec build/release/tests/simulation/carrick_simulate "$@"
