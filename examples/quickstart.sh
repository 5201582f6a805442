#!/usr/bin/env bash
# Carrick on a local Amazon and a local NetSuite, from nothing: installs Debian packages, builds,
# starts the sandbox, runs the flows of flows.yaml on it, and shows what came across.
#   examples/quickstart.sh           keeps running; new orders come in as the sandbox's clock goes
#   examples/quickstart.sh --once    ends when everything that is there has come across
#   examples/quickstart.sh --fresh   forgets the world of earlier runs first
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

once='' fresh=''
for argument in "$@"; do
  case "$argument" in
    --once) once=yes ;;
    --fresh) fresh=yes ;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "quickstart.sh: unknown option $argument; --once and --fresh are known" >&2; exit 2 ;;
  esac
done

say() { printf '\n== %s\n' "$*"; }

say "Installing Debian packages and building"
scripts/install-dependencies.sh build
# A folder where the tests were built stays as it is; a first run needs only the programs.
if [ ! -f build/release/CMakeCache.txt ]; then
  cmake --preset release -DCARRICK_TESTS=OFF
fi
cmake --build --preset release --target demo

home=var/quickstart
[ -z "$fresh" ] || rm -rf "$home"
mkdir -p "$home"
bin=build/release/bin

say "Starting the sandbox: a local Amazon and a local NetSuite"
ports=$home/ports.json
rm -f "$ports"
# The world begins at one fixed moment and its clock stands still between runs, so that what a run
# finds depends on nothing but what the runs before it have done.
options=(--state "$home/world" --keys "$home/keys" --ports-file "$ports"
         --seed 1 --orders 500 --start 2026-11-20T12:00:00Z)
if [ -n "$once" ]; then
  # As it is: no quota makes you wait, no new order comes in meanwhile.
  options+=(--quotas off --rate 0 --speed 100)
else
  # A minute here is an hour there: Amazon's own quotas, 30 new orders an hour.
  options+=(--quotas official --rate 30 --speed 6000)
fi
"$bin/carrick-sandbox" serve "${options[@]}" &
sandbox=$!
# The sandbox keeps its world when it is told to stop.
trap 'kill "$sandbox" 2> /dev/null || true; wait "$sandbox" 2> /dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
for _ in $(seq 100); do
  [ ! -s "$ports" ] || break
  kill -0 "$sandbox" 2> /dev/null || { echo "the sandbox did not start; its message is above" >&2; exit 1; }
  sleep 0.1
done
[ -s "$ports" ] || { echo "the sandbox did not say where it listens within 10 seconds" >&2; exit 1; }
base=$(sed -n 's/.*"base": "\(.*\)".*/\1/p' "$ports")

# What flows.yaml refers to. To use the command line on this world: . var/quickstart/env
cat > "$home/env" <<END
export CARRICK_AMAZON_URL=$base/amazon
export CARRICK_AMAZON_TOKEN_URL=$base/amazon/auth/o2/token
export CARRICK_NETSUITE_URL=$base/netsuite
export CARRICK_NETSUITE_TOKEN_URL=$base/netsuite/services/rest/auth/oauth2/v1/token
export CARRICK_LWA_SECRET=amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret
END
# shellcheck disable=SC1091
. "$home/env"

if [ -z "$once" ]; then
  say "Running flows.yaml; a minute here is an hour there. Stop with Ctrl-C; in another terminal:"
  cat <<END
    . var/quickstart/env
    $bin/carrick flows                             what each flow has done
    $bin/carrick errors list                       what needs somebody
    $bin/carrick-sandbox verdict --url $base    does the world add up?
    $bin/carrick-sandbox faults rough --url $base    let Amazon and NetSuite break
END
  status=0
  "$bin/carrick" run --progress --test-clock sandbox || status=$?
  exit "$status"
fi

say "Running flows.yaml until nothing is left to do"
status=0
"$bin/carrick" run --once --test-clock sandbox || status=$?
say "Does the world add up?"
"$bin/carrick-sandbox" verdict --url "$base" || status=1
exit "$status"
