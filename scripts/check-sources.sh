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
# Parts of libraries that are hazards by themselves; docs/hazards.md and core/connectors/http/README.md say why.
code=$(git ls-files 'sdk/*.[ch]*' 'core/*.[ch]pp' 'plugins/*.[ch]pp' 'examples/*.[ch]pp' 'tests/*.[ch]pp')
if grep -nE 'web::json|cpprest/(json|http_listener|ws_client)|rapidjson/(document|pointer|schema)\.h|YAML::(Node|Load)' $code; then
  echo "this part of the library is not used" >&2; status=1
fi
# A task of cpprestsdk whose exception nobody looks at ends the process: chains are made in one file.
if grep -nE '\.then\(|\bpplx::' $code | grep -v '^core/connectors/http/cpprest_exchange.cpp:'; then
  echo "tasks of cpprestsdk stay in core/connectors/http/cpprest_exchange.cpp" >&2; status=1
fi
if grep -nE 'CATCH_CONFIG_(MAIN|RUNNER)' $code | grep -v '^tests/support/test_main.cpp:'; then
  echo "Catch2 is compiled once, in tests/support/test_main.cpp" >&2; status=1
fi
# Reserved for compiler and library (clang-tidy's check of it takes a fifth of its time).
if grep -nE '(#define|class|struct|enum|namespace|auto) +(_|[a-z]+__)' $code; then
  echo "a name must not begin with an underscore" >&2; status=1
fi
# The last column of a table of hazards names tests: each exists.
cases=$(cat $(git ls-files 'tests/*.cpp' 'tests/*.hpp') | tr -s ' \n' ' ' | sed 's/TEST_CASE( /TEST_CASE(/g')
for table in docs/hazards.md core/connectors/http/README.md; do
  while read -r name; do
    case $name in
      -*) continue ;;
      '`'*) [ -e "${name//\`/}" ] && continue ;;
      *) grep -qF "TEST_CASE(\"$name\"" <<< "$cases" && continue ;;
    esac
    echo "$table names a test that is not there: $name" >&2; status=1
  done < <(sed -n '/^| library/,$p; /^| hazard/,$p' "$table" |
    awk -F' [|] ' '/^[|]/ && !/^[|] (---|library|hazard)/ { print $NF }' | sed 's/ |$//; s/; /\n/g')
done
# Text only: what a build makes does not belong here.
if git ls-files | while read -r file; do [ ! -s "$file" ] || grep -Iq . "$file" || echo "$file"; done | grep .; then
  echo "these files are not text" >&2; status=1
fi
# CMake takes a semicolon for the end of a name; such a test would be listed in pieces and never run.
if grep -rnE 'TEST_CASE\("[^"]*;' tests; then
  echo "a test's name must have no semicolon" >&2; status=1
fi
for script in $(git ls-files '*.sh' '.ci/run'); do bash -n "$script" || status=1; done
exit "$status"
