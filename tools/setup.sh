#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs, by Debian package name, what the build and the tests need and this machine lacks.
# usage: setup.sh [--all]   --all: also the programs that embed Python and C++, which tests are skipped without
set -e
needed="gcc make perl libc6-dev libpython3.11-dev libpython3.11-stdlib zlib1g-dev libexpat1-dev libgmp-dev python3.11
    libpython3.11-testsuite python3-pygments"
# Tests that lack one of these are skipped by name, so a machine that cannot install them goes on without.
wanted="cython3 python3-cffi python3-setuptools python3-wheel python3-pip python3-venv gdb"
[ "$1" != --all ] || wanted="$wanted g++ swig python3-pybind11 vim-nox postgresql-15 postgresql-plpython3-15"

lacking() {
    for p in "$@"; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || printf ' %s' "$p"
    done
}
install() {
    echo "installing:$*"
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $*
}

as_root=""; [ "$(id -u)" = 0 ] || as_root=sudo
need=$(lacking $needed)
want=$(lacking $wanted)
[ -z "$need$want" ] || $as_root apt-get update -qq || [ -z "$need" ]
[ -z "$need" ] || install "$need"
[ -z "$want" ] || install "$want" || echo "not installed, tests are skipped without them:$want"
