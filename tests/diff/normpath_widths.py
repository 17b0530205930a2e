# SPDX-License-Identifier: MIT
"""posix._path_normpath: all kinds of components in texts of every width, short and long; bad arguments."""
import itertools, os, posix, sys
PARTS = ['', '.', '..', 'a', 'bb', '...', '.c', 'd.', '\0', 'é', '\u20ac', '\U0001f600']
shown = 0
for n in range(5):
    for parts in itertools.product(PARTS[:11 - 2 * n] + PARTS[-1:], repeat=n):
        for root in '', '/', '//', '///':
            path = root + '/'.join(parts)
            if '\0' in path:
                continue
            shown = (shown * 31 + sum(map(ord, posix._path_normpath(path))) + len(path)) % 10**9
    print(n, shown)
for path in ['', '/', 'a/../../b', '//x/../..', 'x/é/../\u20ac/./\U0001f600/..', 'a/' * 400 + '..', '../' * 300 + 'é', '\u20ac/' * 200, '/' * 600, 'e/./' * 128]:
    new = os.path.normpath(path)
    print(len(new), ascii(new[:30]), new is path, sys.getrefcount(new) if len(new) > 1 else '', os.path.normpath(os.fsencode(path)) == os.fsencode(new))
class S(str): pass
print(type(posix._path_normpath(S('a/b'))), posix._path_normpath(path='x/..'))
for f in posix._path_normpath, os.fspath:
    for a, k in [((), {}), ((1,), {}), ((b'a',), {}), (('a', 'b'), {}), (('a',), {'path': 'b'}), ((), {'path': 'q'}), ((), {'p': 'q'}), ((None,), {})]:
        try: print(f(*a, **k))
        except TypeError as e: print(e)
