#!/usr/bin/env bash
# Every test: the rooms' tests on both engines, the habits, then the story of all samples through real processes over HTTP.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)
mkdir -p build
echo "== build"
cmake --preset test >build/test.configure.log 2>&1 || { cat build/test.configure.log; exit 1; }
cmake --build build/test -j"$jobs" --target onewindow onewindow_tests >build/test.build.log 2>&1 || { grep -E 'error|FAILED' build/test.build.log | head -40; exit 1; }
echo "== rooms and habits"
build/test/onewindow_tests --gtest_brief=1
echo "== story: every sample, from login to the complete kit, with agencies as processes"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout -s KILL 900 build/test/onewindow demo --data "$folder/data" --samples samples --out "$folder/out" --parallel 3
echo "== bad input: each gets its exact answer, nothing changes"
timeout -s KILL 300 python3 tests/bad/run.py build/test/onewindow
echo "== durability: the service is killed again and again, on both engines, and at every crash point"
timeout -s KILL 600 tests/durability/kill_rounds.py build/test/onewindow
timeout -s KILL 300 tests/durability/kill_rounds.py build/test/onewindow --engine postgres --rounds 5 --applications 12
timeout -s KILL 300 tests/durability/kill_rounds.py build/test/onewindow --rounds 0 --applications 12 --crash-points
