#!/usr/bin/env bash
# The real flows, engine and connectors against the sandbox in one process, in virtual time: orders that
# are paid, changed, shipped and cancelled in every order, under faults and crashes, from a seed; on every
# core its share of the worlds.
#   tests/interleavings.sh [--worlds N] [--first S] [--orders N] [--trace]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
worlds=20 first=1 more=()
while [ $# -gt 0 ]; do
  case $1 in
    --worlds) worlds=$2; shift 2 ;;
    --first) first=$2; shift 2 ;;
    *) more+=("$1"); shift ;;
  esac
done
[ -d build/release ] || cmake --preset release > /dev/null
cmake --build --preset release --target carrick_interleavings > /dev/null

. tests/support/each_core.sh
each_core build/release/tests/interleavings/carrick_interleavings --worlds "$worlds" "$first" "${more[@]}"
