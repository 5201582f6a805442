#!/usr/bin/env bash
# Installs the Debian packages that the project needs, from the one list of them.
#   scripts/install-dependencies.sh [build|test]    build: to build and run; test (default): everything
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
groups=${1:-test}

wanted=()
while read -r package group _; do
  case "$package" in ''|\#*) continue ;; esac
  if [ "$group" = build ] || [ "$groups" = test ]; then wanted+=("$package"); fi
done < "$here/cmake/debian-packages.txt"

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo > /dev/null || {
    echo "These packages are missing and neither root nor sudo is at hand: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
