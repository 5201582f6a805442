#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares the plugin ABI with its baseline, or writes the baseline anew:
#   baseline.sh check|inserted|appended|regenerate <sdk/include>
# `inserted` and `appended` prove that the gate notices a changed struct.
set -eu
mode=$1
include=$2
here=$(cd "$(dirname "$0")" && pwd)
baseline=$here/carrick_abi_0_1.abi
for tool in gcc abidw abidiff; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$include/carrick" "$work/carrick"
header=$work/carrick/abi/carrick_plugin.h

# Without its assertions: they are a gate of their own and would hide what this one sees.
edit() {
    sed -i -e '/sizes and offsets are part/,/^#endif .*CARRICK_PLUGIN_H/{/CARRICK_PLUGIN_H/!d}' -e "$1" "$header"
}
case $mode in
    inserted) edit '/^    carrick_span partition;/i\    int64_t inserted;' ;;
    appended) edit '/^    carrick_span content_hash;/a\    int64_t appended;' ;;
esac
gcc -std=c11 -g -O0 -fPIC -shared -fvisibility=hidden -fno-eliminate-unused-debug-types \
    -I"$work" -o "$work/probe.so" "$here/probe.c"

if [ "$mode" = regenerate ]; then
    abidw --no-show-locs --no-corpus-path --no-comp-dir-path --out-file "$baseline" "$work/probe.so"
    sed -i "s|path=.$here/probe.c.|path='tests/abi/probe.c'|" "$baseline"  # no path of this machine
    echo "wrote $baseline; say in CHANGELOG.md what changed"
    exit 0
fi
status=0
abidiff "$baseline" "$work/probe.so" >"$work/difference" 2>&1 || status=$?
if [ "$mode" = check ]; then
    [ "$status" -eq 0 ] && exit 0
    cat "$work/difference"
    echo "The plugin ABI differs from its baseline. If that is meant: tests/abi/baseline.sh regenerate"
    echo "sdk/include, a line in CHANGELOG.md, and all plugins moved in the same commit."
    exit 1
fi
[ "$status" -ne 0 ] && grep -q carrick_record "$work/difference" && exit 0
cat "$work/difference"
echo "the gate did not notice a member that was $mode"
exit 1
