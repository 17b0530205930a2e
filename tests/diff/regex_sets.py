"""Sets, categories and line anchors: spans of every match, in str of each width and in bytes."""
import random
import re

SUBJECTS = [
    "the quick 12-34 brown fox\nline two_x\n\nend",
    "a.b@c.d x@y",
    "é中文 wörd 😀 x1",
    "",
    "\n",
    "a\n",
    "foo bar\tbaz  qux\u2003z",
    "[x]{y}(z)-._",
    "AaBbÉé" * 5,
    "\x80\xff\u0130ıſK",
    "中\n文a\n\nb",
]
PATTERNS = [
    r"[\w.]+@[\w.]+",
    r"^\w+",
    r"(?m)^\w+",
    r"(?m)^",
    r"(?m)^$",
    r"(?m)^.*$",
    r"(?m)^[a-z]*",
    r"\d+",
    r"\D+",
    r"[^\d]+",
    r"[^\w\s]",
    r"[\s\S]",
    r"\s+",
    r"\S+",
    r"[a-z0-9_.-]+",
    r"[^a-z]+",
    r"(?i)[a-z]+",
    r"(?i)é+",
    r"(?a)\w+",
    r"(?a)[^\w]+",
    r"(a|[bc]|\d)+",
    r"([a-f\d]|x)*?y",
    r"[\w]*?x",
    r"[^x]*?x",
    r"\w+?\b",
    r"(?:[ab]|[cd])+e?",
    r"[\u4e00-\u9fff]+",
    r"[^\u0000-\u007f]",
    r"[\wé]+",
    r"[k\u212a]",
    r"(?i)[k]",
    r"(?i)\u017f",
    r"(?:\w|\s){2,5}",
    r"\w*+x",
    r"(?>\w+)\s",
    r"(?<=\w)\s",
    r"(?<!\w)\w",
    r"\b\w",
    r"(\w)\1",
    r"(?m)\w+$",
    r"(?m)(^a|b)",
    r"(?m)(^)\w",
    r"(?m)^\d*",
    r"x*",
    r"[x]*",
    r"(?m)^(?:a|)",
    r"(?m)^[\w-]+",
]
for pattern in PATTERNS:
    p = re.compile(pattern)
    for s in SUBJECTS:
        print(
            pattern,
            [(m.span(), m.groups()) for m in p.finditer(s)],
            p.split(s),
            p.sub(r"<\g<0>>", s),
            p.match(s),
            p.fullmatch(s),
            p.search(s, 2),
            p.search(s, 1, 5),
            [m.start() for m in p.finditer(s, 3)],
        )
        if pattern.isascii() and "\\u" not in pattern:
            b = s.encode()
            q = re.compile(pattern.encode())
            print([m.span() for m in q.finditer(b)], q.search(b, 1), q.split(b))
random.seed(4)
PIECES = [
    "a",
    "b",
    r"\w",
    r"\d",
    "[ab]",
    "[^a]",
    r"[\wx]",
    "*",
    "+",
    "?",
    "|",
    "(",
    ")",
    "^",
    "$",
    ".",
    r"\b",
    "{2}",
    "*?",
    "(?m:^)",
]
for _ in range(3000):
    pattern = "".join(random.choice(PIECES) for _ in range(random.randint(1, 7)))
    try:
        p = re.compile(pattern)
    except re.error:
        continue
    s = "".join(random.choice("ab1 \né中x") for _ in range(12))
    print(pattern, [m.span() for m in p.finditer(s)], bool(p.match(s)), bool(p.fullmatch(s)))
print(re.findall(rb"(?L)[\w.]+", b"ab\xe9 c.d"))
p = re.compile(r"a[\w.]b")
p.search("xa.b")
re.purge()
print(p == re.compile(r"a[\w.]b"), hash(p) == hash(re.compile(r"a[\w.]b")))
