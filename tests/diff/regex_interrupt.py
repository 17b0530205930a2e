# A regular expression that would run for ages sees signals: a handler that raises ends it, and the
# pattern still works.
import re, signal


class Interrupted(Exception):
    pass


def handler(signum, frame):
    raise Interrupted


signal.signal(signal.SIGALRM, handler)
slow = "a" * 60 + "!"
cases = [
    ("nested", r"(a+)+$", slow),
    ("alternatives", r"(a|aa)+$", slow),
    ("lazy", r"(a+?)+?$", slow),
    ("words", r"^(\w+\s?)*$", "word " * 30 + "!"),
    ("sets", r"([a-z]+)*[A-Z]", slow),
    ("back", r"(a*)*\1b", slow),
    ("look", r"(?=(a+)+$)a", slow),
    ("possessive inside", r"(?:(?>a)|aa?)+$", slow),
    ("many stars", "a*" * 30 + "b", slow),
    ("ignore case", r"(?i)(a+)+$", slow),
    ("wide", "(\u20ac+)+$", "\u20ac" * 60 + "!"),
    ("bytes", rb"(a+)+$", slow.encode()),
]
for name, pattern, text in cases:
    pattern = re.compile(pattern)
    for how in ("match", "search", "fullmatch", "findall", "split", "sub"):
        if pattern.groups == 0 and how == "fullmatch":
            continue
        work = getattr(pattern, how)
        args = [text[:0], text] if how == "sub" else [text]  # nothing for what it finds
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            work(*args)
            print(name, how, "ended")
        except Interrupted:
            print(name, how, "interrupted")
        signal.setitimer(signal.ITIMER_REAL, 0)
    print(name, bool(pattern.match(text[:4])))
