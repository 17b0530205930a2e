#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: missing.sh OUT.c OBJ...   writes a C file that defines every undefined name of the objects which no
# library provides: a function that ends the process saying which name is missing. The list is what is left to write.
set -e
out=$1; shift
objs="$*"
nm -u $objs 2>/dev/null | awk '$1=="U"{print $2}' | sort -u > "$out.undef"
nm --defined-only -g $objs 2>/dev/null | awk 'NF==3{print $3}' | sort -u > "$out.def"
for lib in libc.so.6 libm.so.6 libz.so libexpat.so libgmp.so; do
    f=$(gcc -print-file-name=$lib); nm -D --defined-only "$f" 2>/dev/null | awk 'NF==3{sub(/@.*/,"",$3); print $3}'
done > "$out.libs.raw"
nm --defined-only "$(gcc -print-libgcc-file-name)" 2>/dev/null | awk 'NF==3{print $3}' >> "$out.libs.raw"
sort -u "$out.libs.raw" > "$out.libs"
comm -23 "$out.undef" "$out.def" | comm -23 - "$out.libs" | grep -vE '^(_GLOBAL_OFFSET_TABLE_|__u?(div|mod)ti3$|__popcountdi2$|__asan|__ubsan|__gcov|__tsan|__tls_get_addr|_DYNAMIC|__start_|__stop_)' > "$out.names" || true
{
    echo '#include <stdio.h>'; echo '#include <stdlib.h>'
    printf '%s\n' 'static void missing(const char *n) { fprintf(stderr, "vitro: %s is not implemented\n", n); abort(); }'
    sed 's/.*/void &(void); void &(void) { missing("&"); }/' "$out.names"
} > "$out"
echo "$(wc -l < "$out.names") names missing" >&2
