#!/usr/bin/env bash
# test.sh [PRESET]: every test, from the rooms to real processes over HTTP, with one build; stops at the first suite that
# fails. PRESET is `test`, or `sanitize` (address and undefined behaviour; three times as long).
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)
mkdir -p build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
preset=${1:-test}
binary=build/$preset/onewindow
passed=0
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

# suite TITLE SECONDS COMMAND…: one suite by its exit code, with the time that it took.
suite() {
  local title=$1 seconds=$2 from=$SECONDS
  shift 2
  echo "== $title"
  timeout -s KILL "$seconds" "$@" || { echo "FAILED: $title"; exit 1; }
  passed=$((passed + 1))
  echo "   $((SECONDS - from)) s"
}

# The rooms' tests in as many parts as there are cores; each part has a PostgreSQL of its own.
rooms() {
  local pids=() failed=0 part
  for ((part = 0; part < jobs; part++)); do
    GTEST_TOTAL_SHARDS=$jobs GTEST_SHARD_INDEX=$part "build/$preset/onewindow_tests" --gtest_brief=1 >"$folder/part$part.log" 2>&1 &
    pids+=($!)
  done
  for ((part = 0; part < jobs; part++)); do
    if ! wait "${pids[part]}"; then failed=1 && grep -vE '^Running main' "$folder/part$part.log" | tail -60; fi
  done
  return $failed
}
export -f rooms
export folder jobs preset

from=$SECONDS
echo "== build"
cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || { cat "build/$preset.configure.log"; exit 1; }
cmake --build "build/$preset" -j"$jobs" --target onewindow onewindow_tests >"build/$preset.build.log" 2>&1 || { grep -E 'error|FAILED' "build/$preset.build.log" | head -40; exit 1; }
echo "   $((SECONDS - from)) s"

suite "rooms and habits, on both engines" 1500 bash -c rooms
rooms_passed=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) tests?\.$/\1/p' "$folder"/part*.log | awk '{ sum += $1 } END { print sum + 0 }')
passed=$((passed + rooms_passed - 1))
suite "story: every sample, from login to the complete kit, with agencies as processes" 600 \
  "$binary" demo --quiet --data "$folder/data" --samples samples --out "$folder/out" --parallel 3
suite "replay: every table of these cases rebuilt from the timeline" 120 "$binary" doctor --replay --data "$folder/data"
suite "contract: every route as described, and a stranger's client" 600 tests/contract/run.sh "$binary"
suite "bad input: each gets its exact answer, nothing changes" 600 python3 tests/bad/run.py "$binary"
suite "durability: killed again and again while 30 applications are filed" 600 tests/durability/kill_rounds.py "$binary"
suite "durability on PostgreSQL" 300 tests/durability/kill_rounds.py "$binary" --engine postgres --rounds 5 --applications 12
suite "durability at every crash point" 300 tests/durability/kill_rounds.py "$binary" --rounds 0 --applications 12 --crash-points
echo "$passed passed, 0 failed"
