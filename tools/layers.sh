#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that includes point one way: no file below src/ includes a header of a room above its own, none includes
# internal/ or defines Py_BUILD_CORE.
cd "$(dirname "$0")/.."
bad=0
deny() { # room, rooms it must not include
    found=$(grep -rnE "#include \"($2)/" "src/$1" --include='*.c' --include='*.h' || true)
    [ -z "$found" ] || { echo "$found"; echo "layers: src/$1 must not include $2"; bad=1; }
}
deny base 'mem|objects|capi|runtime|modules|vm|lex|parse|ast|symtable|compile|bytecode'
deny lex 'parse|symtable|compile|bytecode|vm|modules'
deny parse 'symtable|compile|bytecode|vm|modules'
deny ast 'parse|symtable|compile|bytecode|vm'
deny symtable 'compile|bytecode|vm|modules'
deny compile 'vm|modules'
deny mem 'modules|vm'
found=$(grep -rnE '#include [<"]internal/|#define +Py_BUILD_CORE' src --include='*.c' --include='*.h' || true)
[ -z "$found" ] || { echo "$found"; bad=1; }
[ $bad = 0 ] && echo "layers: ok"
exit $bad
