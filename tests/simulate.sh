#!/usr/bin/env bash
# The deterministic simulation: engine, store and fake connectors from a seed, in virtual time; on every
# core its share of the seeds.
#   tests/simulate.sh [--seeds N] [--first S] [--trace]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seeds=500 first=1 more=()
while [ $# -gt 0 ]; do
  case $1 in
    --seeds) seeds=$2; shift 2 ;;
    --first) first=$2; shift 2 ;;
    *) more+=("$1"); shift ;;
  esac
done
[ -d build/release ] || cmake --preset release > /dev/null
cmake --build --preset release --target carrick_simulate > /dev/null

. tests/support/each_core.sh
each_core build/release/tests/simulation/carrick_simulate --seeds "$seeds" "$first" "${more[@]}"
