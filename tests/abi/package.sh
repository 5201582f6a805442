#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the SDK into a folder of its own and builds the examples from there, without our tree:
#   package.sh <cmake> <build folder> <examples/hello_flow>
# Then once more with RapidJSON out of sight: the C part must need nothing.
set -eu
# The one build tool that our list of packages has; without it CMake looks for make.
CMAKE_GENERATOR=Ninja
export CMAKE_GENERATOR
cmake=$1
build=$2
example=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cmake" --install "$build" --component sdk --prefix "$work/sdk" >/dev/null
cp -r "$example" "$work/example"
"$cmake" -S "$work/example" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/sdk" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for plugin in hello_flow hello_count; do
    [ -e "$work/build/plugins/$plugin.so" ] && [ -e "$work/build/plugins/$plugin.json" ]
done

mkdir "$work/c_only"
cp "$example/hello_count.c" "$work/c_only/"
cp "$example/hello_count.json" "$work/c_only/manifest.json"
cat >"$work/c_only/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(c_only LANGUAGES C)
set(CarrickSDK_RAPIDJSON_INCLUDE "" CACHE PATH "as on a machine without it" FORCE)
set(CMAKE_FIND_USE_CMAKE_SYSTEM_PATH OFF)
set(CMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH OFF)
find_package(CarrickSDK 0.1 REQUIRED COMPONENTS abi)
if(TARGET CarrickSDK::sdk)
  message(FATAL_ERROR "RapidJSON was found; the test proves nothing")
endif()
carrick_add_flow(hello_count C SOURCES hello_count.c)
find_package(CarrickSDK 0.1 QUIET COMPONENTS sdk)
if(CarrickSDK_FOUND)
  message(FATAL_ERROR "the component sdk was promised without RapidJSON")
endif()
END
"$cmake" -S "$work/c_only" -B "$work/c_build" -DCMAKE_PREFIX_PATH="$work/sdk" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/c_build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
[ -e "$work/c_build/plugins/hello_count.so" ]
