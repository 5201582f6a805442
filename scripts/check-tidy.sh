#!/usr/bin/env bash
# clang-tidy over the project's own translation units, with the checks of .clang-tidy.
#   scripts/check-tidy.sh [--minutes N] [--jobs N] [FILE...]
# Needs a finished build of the release preset: its compile commands say how a file is compiled, and what
# ninja knows of its headers says whether it changed. A unit that was clean stays clean as long as itself,
# the project's headers that it includes, its flags, .clang-tidy and clang-tidy are the same; such units are
# remembered in $XDG_CACHE_HOME/carrick/tidy (~/.cache) for all folders, and are not looked at again.
# Fails on any finding. With --minutes, units left over when the time ends are counted, not failed: the next
# run goes on with them. The product comes before its tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD build=$PWD/build/release minutes=0 jobs=2 only=()
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    *) only+=("$1"); shift ;;
  esac
done
[ -f "$build/compile_commands.json" ] && [ -f "$build/.ninja_deps" ] || {
  echo "no finished build in build/release; run tests/run.sh first" >&2
  exit 2
}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/carrick/tidy
mkdir -p "$cache"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A clang-tidy that finds nothing here finds nothing anywhere: wrong configuration, or a broken tool.
printf '#include <string>\n#include <utility>\nstd::size_t f(std::string a) { std::string b = std::move(a); return a.size() + b.size(); }\n' > "$work/bad.cpp"
if clang-tidy --quiet --config-file=.clang-tidy "$work/bad.cpp" -- -std=c++20 > "$work/bad.log" 2>&1 ||
    ! grep -q 'bugprone-use-after-move' "$work/bad.log"; then
  cat "$work/bad.log" >&2
  echo "clang-tidy overlooks a use after move; check .clang-tidy" >&2
  exit 2
fi

# units: FILE <tab> OBJECT <tab> COMMAND, of what is in git and compiled, without this folder's name.
git ls-files '*.cpp' '*.c' > "$work/tracked"
jq -r '.[] | [.file, (.command | capture(" -o (?<object>\\S+) ").object), .command] | @tsv' "$build/compile_commands.json" | sed "s#$root/##g; s#$root##g" |
  awk -F'\t' 'NR == FNR { tracked[$1]; next } $1 in tracked' "$work/tracked" - |
  sort > "$work/units"
cut -f1 "$work/units" | uniq | { grep -v '^tests/' || true; } > "$work/files"
cut -f1 "$work/units" | uniq | { grep '^tests/' || true; } >> "$work/files"
if [ "${#only[@]}" -gt 0 ]; then
  printf '%s\n' "${only[@]}" | grep -Fxf "$work/files" > "$work/chosen" || { echo "not compiled: ${only[*]}" >&2; exit 2; }
  mv "$work/chosen" "$work/files"
fi
# needs: OBJECT <tab> a file of the project that it is compiled from. What ninja calls stale has none.
ninja -C "$build" -t deps |
  awk -v root="$root/" -v build="$build/" '
    /^[^ ].*: #deps/ { object = /VALID/ ? substr($0, 1, index($0, ": #deps") - 1) : ""; next }
    /^ / && object != "" {
      path = substr($0, 5)
      if (path !~ /^\//) path = build path
      if (index(path, root) == 1) print "build/release/" object "\t" substr(path, length(root) + 1)
    }' > "$work/needs"
cut -f2 "$work/needs" | sort -u | xargs -d '\n' sha256sum > "$work/sums" 2> /dev/null || true

# One line a unit: FILE <tab> everything its findings depend on; unknown headers make it new each time.
# Its version, not the processor that it names behind.
tool=$(clang-tidy --version | grep -i version | sha256sum; sha256sum .clang-tidy)
awk -F'\t' -v tool="$(tr '\n' ' ' <<< "$tool")" -v now="$(date +%s%N)" '
  FILENAME ~ /sums$/ { sum[substr($0, 67)] = substr($0, 1, 64); next }
  FILENAME ~ /needs$/ { depends[$1] = depends[$1] " " $2 "=" sum[$2]; next }
  FILENAME ~ /units$/ {
    object = $2 ~ /^build\// ? $2 : "build/release/" $2
    state[$1] = state[$1] " " $3 " " (object in depends ? depends[object] : now)
    next
  }
  { print $1 "\t" tool state[$1] }' "$work/sums" "$work/needs" "$work/units" "$work/files" > "$work/states"
while IFS=$'\t' read -r file state; do
  key=$(sha256sum <<< "$state")
  key=${key%% *}
  if [ -e "$cache/$key" ]; then touch "$cache/$key"; else printf '%s\t%s\n' "$file" "$key"; fi
done < "$work/states" > "$work/todo"
total=$(wc -l < "$work/files") todo=$(wc -l < "$work/todo")
[ "$total" -gt 0 ] || { echo "no file of the project is compiled" >&2; exit 2; }

# clang stops at options that only g++ knows.
sed 's/ -fno-gnu-unique//g; s/ -Wno-maybe-uninitialized//g' "$build/compile_commands.json" > "$work/compile_commands.json"
examine() {  # examine FILE<tab>KEY: prints findings and marks them, or remembers the file as clean
  local file=${1%%$'\t'*} key=${1##*$'\t'} log
  [ "$EPOCHSECONDS" -lt "$deadline" ] || { echo "$file" >> "$work/left"; return 0; }
  log=$(mktemp "$work/log.XXXXXX")
  if nice clang-tidy -p "$work" --quiet "$file" > "$log" 2> "$log.errors"; then
    # What was edited meanwhile is not what the key was made of.
    [ "$file" -nt "$work/states" ] || : > "$cache/$key"
  else
    echo "$file" >> "$work/failed"
    # A crash of the tool says so only on the other channel.
    if [ -s "$log" ]; then cat "$log"; else cat "$log.errors"; fi
  fi
}
export -f examine
deadline=$((minutes > 0 ? EPOCHSECONDS + minutes * 60 : EPOCHSECONDS + 86400))
export work build cache deadline
touch "$work/left" "$work/failed"
xargs -r -d '\n' -a "$work/todo" -P "$jobs" -I{} bash -c 'examine "$1"' _ {}
# What was clean three months ago and never since belongs to code that is gone.
find "$cache" -type f -mtime +90 -delete

left=$(wc -l < "$work/left") failed=$(wc -l < "$work/failed")
echo "clang-tidy: $total units, $((total - todo)) known as clean, $((todo - left)) looked at, $failed with findings, $left left for the next run"
[ "$failed" -eq 0 ] || { sort "$work/failed" | sed 's/^/findings in /' >&2; exit 1; }
