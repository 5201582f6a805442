#!/usr/bin/env bash
# Measures Carrick beside a baseline in the same run and prints one table. A missed target is a
# finding, not a failure: the exit code is 1 only when a benchmark could not run or was wrong.
#   tests/bench.sh [--quick] [name...]    names: engine abi end_to_end quota memory start calls
#   --quick       a reduced set, under three minutes
# Say with the figures which machine and disk they are from; CARRICK_BENCH_FOLDER chooses the disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all=(engine abi start end_to_end quota memory calls)
quick='' names=()
for argument in "$@"; do
  case "$argument" in
    --quick) quick=--quick ;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *)
      [[ " ${all[*]} " == *" $argument "* ]] ||
        { echo "bench.sh: unknown benchmark $argument; known: ${all[*]}" >&2; exit 2; }
      names+=("$argument") ;;
  esac
done
[ ${#names[@]} -gt 0 ] || names=("${all[@]}")

# An existing build elsewhere can be measured by CARRICK_BENCH_BUILD; it must be a Release build.
build=${CARRICK_BENCH_BUILD:-build/release}
scripts/install-dependencies.sh test
cmake --preset release -B "$build" -DCARRICK_TESTS=ON > "$build.configure.log" 2>&1 ||
  { cat "$build.configure.log"; exit 1; }
rm -f "$build.configure.log"
cmake --build "$build" --target bench order_ways_test > "$build.build.log" 2>&1 || { cat "$build.build.log"; exit 1; }
rm -f "$build.build.log"

folder=$(mktemp -d "${CARRICK_BENCH_FOLDER:-${TMPDIR:-/tmp}}/carrick-bench-XXXXXX")
trap 'rm -rf "$folder"' EXIT
figures=$folder/figures
: > "$figures"

run() {  # run NAME: its figures to the file; its errors are ours
  case "$1" in
    engine) "$build/tests/bench/engine_bench" $quick "$folder" ;;
    abi) "$build/tests/abi/abi_bench" ;;
    calls) "$build/tests/end_to_end/order_ways_test" '[calls]' ;;
    *) "$build/tests/bench/program_bench" $quick --program "$build/bin/carrick" --bare "$build/tests/bench/bare_client" \
         --flows flows.yaml --folder "$folder" "$1" ;;
  esac
}

status=0
for name in "${names[@]}"; do
  echo "== $name ($(date -u +%H:%M:%S))" >&2
  run "$name" | tee -a "$figures" >&2 || { echo "bench.sh: $name failed" >&2; status=1; }
done

printf '\n%s, %s cores, %s, load %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
  "$(uname -sr)" "$(cut -d' ' -f1 /proc/loadavg)"
{
  printf 'benchmark\tmeasured\tunit\tmin..max\tbaseline\tmeasured\tratio\ttarget\t\n'
  sed -n 's/^figure\t//p' "$figures"
} | column -t -s "$(printf '\t')" -o '  '
sed -n 's/^note\t//p' "$figures"
exit "$status"
