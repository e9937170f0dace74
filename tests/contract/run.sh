#!/usr/bin/env bash
# tests/contract/run.sh BINARY: the API can be used by a stranger. Needs node (18.20 or newer) and npm; see README.md.
set -euo pipefail
binary=$(realpath "${1:?run.sh BINARY}")
cd "$(dirname "$0")"
# What the lockfile names is installed once, and again whenever it changes.
stamp=node_modules/.installed
wanted=$(sha256sum package.json package-lock.json; node --version)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    npm ci --ignore-scripts --loglevel=error
    echo "$wanted" >"$stamp"
fi
node node_modules/@stoplight/spectral-cli/dist/index.js lint --quiet --fail-severity=info --display-only-failures --ruleset spectral.yaml ../../docs/openapi.json
echo "ok      docs/openapi.json passes the linter"
timeout -s KILL 480 node suite.mjs "$binary"
