#!/usr/bin/env bash
# Layout of C++, shell, Python and JavaScript. What the compiler and the habits tests hold is not repeated here.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
echo "== layout of C++ (clang-format)"
git ls-files 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'bench/*.cpp' 'bench/*.hpp' | xargs -r clang-format-19 --dry-run --Werror 2>&1 | grep -E 'error:' | head -20 && failed=1
echo "== shell (shellcheck)"
git ls-files '*.sh' .ci/run | xargs -r shellcheck || failed=1
echo "== Python"
git ls-files '*.py' | while read -r file; do python3 -c 'import ast,sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || exit 1; done || failed=1
echo "== JavaScript"
git ls-files '*.mjs' | while read -r file; do node --check "$file" || exit 1; done || failed=1
exit $failed
