# SPDX-License-Identifier: MIT
"""regex: what the standard module has and more."""
import regex

text = "The year 1999 and 2020; ünïcode wörds, (nested (parens (deep))) a1b22c333 " * 60
print(len(regex.findall(r"\p{L}+", text)),
      regex.search(r"\((?:[^()]++|(?R))*\)", text)[0],
      regex.findall(r"(?<y>\d{4})", text)[:3],
      regex.match(r"(?:(\w)(\d))+", "a1b2c3").captures(1, 2))
print(regex.sub(r"(\w+)", lambda m: m[1][::-1], "hello world"),
      regex.fullmatch(r"(?e)(?:hallo){e<=2}", "hello").fuzzy_counts, regex.split(r"\s+|;", "a b;c"),
      [m.span() for m in regex.finditer("a", "banana", overlapped=True)])
p = regex.compile(r"(?i)\b(?P<w>w\w+)\b")
print(sum(len(m["w"]) for _ in range(30) for m in p.finditer(text)), p.flags, p.groupindex)
try:
    regex.compile("(unclosed")
except regex.error as e:
    print(e)
