# shellcheck shell=bash
# Sourced by scripts that run many seeds: every core takes its share of them.
#   each_core PROGRAM COUNT_OPTION COUNT FIRST [further arguments of the program]
# Runs PROGRAM COUNT_OPTION <share> --first <seed> ... once a core; fails when one of them fails.
each_core() {
  local program=$1 option=$2 count=$3 first=$4 cores share from left run failed=0
  shift 4
  cores=$(nproc)
  share=$(((count + cores - 1) / cores))
  local runs=()
  for ((from = first; from < first + count; from += share)); do
    left=$((first + count - from))
    "$program" "$option" $((left < share ? left : share)) --first "$from" "$@" &
    runs+=($!)
  done
  for run in "${runs[@]}"; do wait "$run" || failed=1; done
  return "$failed"
}
