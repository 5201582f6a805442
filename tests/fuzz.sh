#!/usr/bin/env bash
# Fuzz targets: the committed corpus always, then exploration for some minutes shared by all.
#   tests/fuzz.sh [--minutes N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
minutes=3
[ "${1:-}" = --minutes ] && minutes=$2
scripts/install-dependencies.sh test
cmake --preset fuzz -DCARRICK_TESTS=ON > build-fuzz.log 2>&1 || { cat build-fuzz.log; exit 1; }
rm -f build-fuzz.log
cmake --build --preset fuzz --target fuzz_targets
mapfile -t targets < <(find build/fuzz/fuzz -maxdepth 1 -name '*_fuzz' -type f | sort)
[ "${#targets[@]}" -gt 0 ] || { echo "no fuzz targets were built" >&2; exit 1; }
# Never 0, which libFuzzer takes for ever.
seconds=$((minutes * 60 / ${#targets[@]} + 1))
status=0
for target in "${targets[@]}"; do
  name=$(basename "$target" _fuzz)
  found=$(mktemp -d)
  echo "--- $name: corpus, then $seconds s"
  "$target" -runs=0 -timeout=5 "tests/fuzz/corpus/$name" > /dev/null 2> "$found/log" || { cat "$found/log"; status=1; continue; }
  "$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$found/" "$found" "tests/fuzz/corpus/$name" 2> "$found/log" || { tail -n 60 "$found/log"; status=1; }
  grep -E 'stat::number_of_executed_units|stat::new_units_added' "$found/log" || true
done
exit "$status"
