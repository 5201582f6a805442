#!/usr/bin/env bash
# What needs no compiler: layout of the code, names that must not appear, one list of packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0

mapfile -t sources < <(git ls-files '*.hpp' '*.cpp' '*.h' '*.c')
clang-format --dry-run --Werror "${sources[@]}" || { echo "run: clang-format -i on the files above" >&2; status=1; }

# Plugins include only the SDK, what plugins share, and their own files.
if grep -nE '#include "(core|examples|tests)/' $(git ls-files 'plugins/*.hpp' 'plugins/*.cpp'); then
  echo "plugins include only sdk/" >&2; status=1
fi
# The core knows no flow by name.
for flow in $(git ls-files 'plugins/*/manifest.json' | cut -d/ -f2); do
  if grep -rnw "$flow" core --include='*.hpp' --include='*.cpp' | grep -v '^[^:]*:[0-9]*: *//'; then
    echo "the core names the flow $flow" >&2; status=1
  fi
done
# The sandbox shares no code with the connectors.
if grep -rn '#include "core/connectors' examples/sandbox; then
  echo "the sandbox shares no code with the connectors" >&2; status=1
fi
# cpprestsdk stands behind HttpTransport, valijson behind Schema, Lua behind mapping.
for rule in 'cpprest/:core/connectors/http/' 'valijson/:core/schema/' 'lua.hpp:core/engine/lua_'; do
  if grep -rnE "#include <${rule%%:*}" core plugins sdk examples --include='*.hpp' --include='*.cpp' | grep -v "^${rule#*:}"; then
    echo "${rule%%:*} is known only to ${rule#*:}" >&2; status=1
  fi
done
# CMake takes a semicolon for the end of a name; such a test would be listed in pieces and never run.
if grep -rnE 'TEST_CASE\("[^"]*;' tests; then
  echo "a test's name must have no semicolon" >&2; status=1
fi
for script in $(git ls-files '*.sh' '.ci/run'); do bash -n "$script" || status=1; done
exit "$status"
