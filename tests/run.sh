#!/usr/bin/env bash
# Installs what is needed, builds everything in Release and runs all tests.
#   tests/run.sh [ctest options]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/install-dependencies.sh test
cmake --preset release -DCARRICK_TESTS=ON > build-configure.log 2>&1 || { cat build-configure.log; exit 1; }
rm -f build-configure.log
cmake --build --preset release
ctest --test-dir build/release --output-on-failure --parallel "$(nproc)" "$@"
