#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every plugin in these folders exports carrick_plugin_v0 and nothing else, and no unique symbol; and needs
# no network library: cpprestsdk's threads and OpenSSL's tables belong to the engine.
set -eu
for tool in nm readelf; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed"; exit 0; }
done
count=0
bad=0
for folder in "$@"; do
    for library in "$folder"/*.so; do
        [ -e "$library" ] || continue
        count=$((count + 1))
        exported=$(nm -D --defined-only "$library" | awk '{print $NF}' | tr '\n' ' ')
        if [ "$exported" != "carrick_plugin_v0 " ]; then
            echo "$library exports: $exported"
            bad=1
        fi
        if readelf -dW "$library" | grep -E 'NEEDED.*(cpprest|libssl|libcrypto|boost)'; then
            echo "$library links what only the engine may"
            bad=1
        fi
        if readelf -sW "$library" | grep -w UNIQUE; then
            echo "$library has STB_GNU_UNIQUE symbols"
            bad=1
        fi
    done
done
[ "$count" -gt 0 ] || { echo "no plugin found in: $*"; exit 1; }
echo "$count plugins"
exit $bad
