#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds layout.c against CPython's internal headers and against Vitro's; both must print layout.txt.
set -e
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
headers="-isystem /usr/include/python3.11 -isystem /usr/include/python3.11/internal"
gcc -w -DREFERENCE $headers tests/abi/layout.c -o "$tmp/reference"
gcc -w -isystem /usr/include/python3.11 -Isrc tests/abi/layout.c -o "$tmp/own"
failed=0
for side in reference own; do
    "$tmp/$side" > "$tmp/$side.txt"
    diff tests/abi/layout.txt "$tmp/$side.txt" || { echo "layouts of $side differ"; failed=$((failed + 1)); }
done
echo "$((2 - failed)) passed, $failed failed"
[ $failed = 0 ]
