#!/usr/bin/env bash
# The suite under sanitizers.
#   tests/sanitize.sh asan    AddressSanitizer + UndefinedBehaviorSanitizer, everything
#   tests/sanitize.sh tsan    ThreadSanitizer, what runs on several threads
# Further arguments go to ctest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-asan}
[ $# -eq 0 ] || shift
scripts/install-dependencies.sh test
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/tests/support/tsan-suppressions.txt
cmake --preset "$preset" > "build-$preset.log" 2>&1 || { cat "build-$preset.log"; exit 1; }
rm -f "build-$preset.log"
if [ "$preset" = tsan ]; then
  mapfile -t targets < tests/tsan-targets.txt
  cmake --build --preset tsan --target "${targets[@]}"
  ctest --test-dir build/tsan --output-on-failure --parallel "$(nproc)" -R "^($(IFS='|'; echo "${targets[*]}")):" "$@"
else
  cmake --build --preset "$preset"
  ctest --test-dir "build/$preset" --output-on-failure --parallel "$(nproc)" -LE no_sanitizer "$@"
fi
