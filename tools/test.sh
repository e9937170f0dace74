#!/usr/bin/env bash
# Every test: the rooms' tests under sanitizers on both engines, then the stories against the release binary.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)
mkdir -p build
echo "== build (tests, sanitizers)"
cmake --preset test >build/test.configure.log 2>&1 || { cat build/test.configure.log; exit 1; }
cmake --build build/test -j"$jobs" --target onewindow_tests
echo "== build (release)"
cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
cmake --build build/release -j"$jobs" --target onewindow
echo "== rooms"
build/test/onewindow_tests --gtest_brief=1
