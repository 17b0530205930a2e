#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs, by Debian package name, what the build and the tests need and this machine lacks.
set -e
need=""
for p in gcc make perl libc6-dev libpython3.11-dev libpython3.11-stdlib zlib1g-dev libexpat1-dev libgmp-dev python3.11 libpython3.11-testsuite python3-pygments; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || need="$need $p"
done
if [ -n "$need" ]; then
    echo "installing:$need"
    as_root=""; [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $need
fi
