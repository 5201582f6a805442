#!/usr/bin/env bash
# Kills the engine with SIGKILL at random moments while orders come across under faults, starts it
# again each time, and compares what stands in NetSuite with a run that met neither.
#   tests/kill.sh [--rounds N] [--orders N] [--seed N] [--profile rough|storm|lost_answers] [--keep]
# A round is one kill. Rounds are spread over crossings of the same orders: when the engine ends by
# itself the crossing is compared, and the next begins with an empty NetSuite and an empty store.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=100 orders=2000 seed=1 profile=rough keep=''
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=$2; shift 2 ;;
    --orders) orders=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    --profile) profile=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done

bin=$PWD/build/${CARRICK_BUILD:-release}/bin
[ -x "$bin/carrick" ] || { echo "kill.sh: $bin/carrick is missing; build it first" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/carrick-kill.XXXXXX")
sandbox=''
stop_sandbox() {
  [ -z "$sandbox" ] || { kill "$sandbox" 2> /dev/null || true; wait "$sandbox" 2> /dev/null || true; }
  sandbox=''
}
clean_up() { stop_sandbox; [ -n "$keep" ] || rm -rf "$work"; }
trap clean_up EXIT
RANDOM=$seed

# A fresh world, the same each time. Forty days later nothing in it changes any more, so that two
# runs which take different times find the same orders.
fresh_world() {
  stop_sandbox
  rm -rf "$work/var" "$work/ports.json"
  mkdir -p "$work/var/quickstart"
  cp flows.yaml "$work/flows.yaml"
  "$bin/carrick-sandbox" serve --ports-file "$work/ports.json" --keys "$work/var/quickstart/keys" \
    --seed "$seed" --orders "$orders" --start 2026-11-20T12:00:00Z --quotas off --speed 6000 \
    > "$work/sandbox.log" 2>&1 &
  sandbox=$!
  for _ in $(seq 200); do [ ! -s "$work/ports.json" ] || break; sleep 0.05; done
  base=$(sed -n 's/.*"base": "\(.*\)".*/\1/p' "$work/ports.json")
  "$bin/carrick-sandbox" clock --advance $((40 * 86400)) --url "$base" > /dev/null
  export CARRICK_AMAZON_URL=$base/amazon CARRICK_AMAZON_TOKEN_URL=$base/amazon/auth/o2/token
  export CARRICK_NETSUITE_URL=$base/netsuite
  export CARRICK_NETSUITE_TOKEN_URL=$base/netsuite/services/rest/auth/oauth2/v1/token
  export CARRICK_LWA_SECRET=amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret
}
# No function: in the background a kill would meet the shell around the engine.
carrick=("$bin/carrick" --config "$work/flows.yaml" --test-clock sandbox)
milliseconds() { date +%s%3N; }
fail() {
  echo "kill.sh: $*" >&2
  keep=yes
  echo "kill.sh: the store, the logs and both lists are in $work; seed $seed, profile $profile" >&2
  exit 1
}

fresh_world
began=$(milliseconds)
"${carrick[@]}" run --once > "$work/reference.log" 2>&1 || fail "the run without faults failed; see reference.log"
took=$(($(milliseconds) - began))
"$bin/carrick-sandbox" verdict --url "$base" > "$work/verdict" || { cat "$work/verdict"; fail "the run without faults does not add up"; }
"$bin/carrick-sandbox" documents --url "$base" > "$work/reference"
echo "without faults: $(grep -c '^salesOrder' "$work/reference") sales orders in $took ms"

kills=0 crossings=0
while [ "$kills" -lt "$rounds" ]; do
  fresh_world
  "$bin/carrick-sandbox" faults "$profile" --url "$base" > /dev/null
  crossings=$((crossings + 1))
  of_crossing=0
  while :; do
    "${carrick[@]}" run --once > "$work/run.log" 2>&1 &
    engine=$!
    if [ "$kills" -lt "$rounds" ]; then
      # From before the store is open to well into the work.
      at=$((RANDOM % (took / 3 + 60) + 5))
      sleep "$(printf '%d.%03d' $((at / 1000)) $((at % 1000)))"
      if kill -9 "$engine" 2> /dev/null; then
        kills=$((kills + 1)) of_crossing=$((of_crossing + 1))
        wait "$engine" 2> /dev/null || true
        # Work that is thrown away again and again never ends: let each crossing come to its end.
        [ "$of_crossing" -lt 12 ] || break
        continue
      fi
    fi
    status=0
    wait "$engine" || status=$?
    # 1: something is tried again later than a run waits for.
    [ "$status" -le 1 ] || fail "the engine ended with $status after kill $kills: $(tail -n 5 "$work/run.log")"
    break
  done
  "${carrick[@]}" run --once > "$work/run.log" 2>&1 || [ $? -eq 1 ] || fail "the engine did not finish after kill $kills: $(tail -n 5 "$work/run.log")"
  "$bin/carrick-sandbox" faults none --url "$base" > /dev/null
  "${carrick[@]}" run --once > "$work/last.log" 2>&1 || fail "the last run failed: $(tail -n 5 "$work/last.log")"
  "$bin/carrick-sandbox" documents --url "$base" > "$work/found"
  cmp -s "$work/reference" "$work/found" ||
    { diff "$work/reference" "$work/found" | head -n 20; fail "NetSuite differs after kill $kills"; }
  "$bin/carrick-sandbox" verdict --url "$base" > "$work/verdict" ||
    { cat "$work/verdict"; fail "the world does not add up after kill $kills"; }
  "${carrick[@]}" errors list --json > "$work/errors"
  [ "$(tr -d ' \n' < "$work/errors")" = '[]' ] || { head -c 2000 "$work/errors"; fail "errors are open after kill $kills"; }
  echo "crossing $crossings: $of_crossing kills, equal to the run without faults ($kills of $rounds)"
done
echo "$kills kills over $crossings crossings of $orders orders under \"$profile\": 0 lost, 0 doubled"
