#!/usr/bin/env bash
# Runs the quickstart on the state that an earlier run left: nothing may be written.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
examples/quickstart.sh --once | tee "$log"
# flow, seen, done, written: the fourth column of each flow's row.
written=$(awk '/^(orders_na|orders_eu|orders_fe|mfn_customers|mfn_orders) / { rows++; sum += $4 }
               END { if (rows != 5) print "rows:" rows + 0; else print sum }' "$log")
[ "$written" = 0 ] || { echo "the second run wrote $written documents; expected 0 in five flows" >&2; exit 1; }
