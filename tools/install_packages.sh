#!/usr/bin/env bash
# install_packages.sh [LIST…]: installs the Debian packages of packages.txt, and of the other lists named, that are missing.
# Does nothing, and needs no right, when none is.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
mapfile -t wanted < <(cat tools/packages.txt "$@" | grep -vE '^\s*(#|$)')
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
done
# Node from Debian only where there is none at all.
command -v npm >/dev/null 2>&1 || missing+=(nodejs npm)
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
echo "Installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Please install as root: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
