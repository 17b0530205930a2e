# Warnings that come with a SyntaxError: a number warns once, wherever it stands; an escape once in each of 3.11's two
# passes over what they read. A warning made an error gives way to an unclosed bracket or string behind it.
import warnings

SOURCES = [
    "1or 2 3",
    "a b 1or 2",
    "(1or",
    "'\\q' = 1",
    "a '\\q'",
    "while c '\\q'",
    "f(1or 0 if '\\q')",
    "f'\\q{a}' b",
    "f'{1or a}' b",
    "'\\q' b'\\q' c",
    "x = '\\q', '\\400' y",
    "if 1:\n  '\\q'\n 1in x",
    "a = '''\n\\q''' b",
    "'\\q' '\\w' 1",
    "f(a, '\\q' for b in c, '\\w')",
    "with (a, '\\q') b: pass",
]
for filter in "always", "error":
    for source in SOURCES + ["'\\q' + (", "'\\q' ]", "'\\q'\n'abc", "1or 2 + (", "f'{1or a}' ("]:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter(filter)
            try:
                compile(source, "f", "exec")
                print(ascii(source), "compiles", end=" ")
            except SyntaxError as e:
                print(ascii(source), e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, end=" ")
        print([(w.category.__name__, str(w.message), w.lineno) for w in seen])
