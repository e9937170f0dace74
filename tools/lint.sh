#!/usr/bin/env bash
# Layout of C++, shell, Python and JavaScript. What the compiler and the habits tests hold is not repeated here.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/install_packages.sh tools/lint_packages.txt
failed=0
echo "== layout of C++ (clang-format)"
# Files that were written before there was a layout stand in a list that may only get shorter.
waiting=tools/layout_waiting.txt
found=$(git ls-files 'src/*.cpp' 'src/*.hpp' 'tests/*.cpp' 'tests/*.hpp' 'bench/*.cpp' 'bench/*.hpp' | while read -r file; do
  clang-format-19 --dry-run --Werror "$file" >/dev/null 2>&1 || echo "$file"
done)
new=$(comm -13 <(LC_ALL=C sort "$waiting") <(echo "$found" | LC_ALL=C sort))
done_=$(comm -23 <(LC_ALL=C sort "$waiting") <(echo "$found" | LC_ALL=C sort))
if [ -n "$new" ]; then echo "not laid out (clang-format-19 -i):"; echo "$new"; failed=1; fi
if [ -n "$done_" ]; then echo "laid out now, to be taken off $waiting:"; echo "$done_"; failed=1; fi
echo "   $(wc -l <"$waiting") files wait"
echo "== shell (shellcheck)"
git ls-files '*.sh' .ci/run | xargs -r shellcheck || failed=1
echo "== Python"
git ls-files '*.py' | while read -r file; do python3 -c 'import ast,sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || exit 1; done || failed=1
echo "== JavaScript"
git ls-files '*.mjs' | while read -r file; do node --check "$file" || exit 1; done || failed=1
exit $failed
