import re

LINE = re.compile(
    r'(?P<host>\S+) - (?P<user>\w+|-) \[(?P<when>[^\]]+)\] "(?P<verb>GET|POST|PUT) (?P<path>[^ "]*) HTTP/\d\.\d" (?P<code>\d{3}) (?P<size>\d+|-)$',
    re.M,
)
TOKEN = re.compile(
    r"(?P<num>\d+(?:\.\d*)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>[-+*/=()<>]+)|(?P<space>\s+)|(?P<str>'(?:[^'\\]|\\.)*')"
)


def main():
    log = "\n".join(
        '10.0.%d.%d - u%d [10/Oct/2000:13:55:%02d] "%s /a/%d?q=%d HTTP/1.1" %d %d'
        % (i % 5, i % 9, i, i % 60, "GET" if i % 2 else "POST", i, i * 7, 200 + i % 3, i * 31)
        for i in range(1000)
    )
    found = list(LINE.finditer(log))
    assert (
        len(found) == 1000
        and sum(m["verb"] == "GET" for m in found) == 500
        and found[9].groupdict()["user"] == "u9"
    )
    assert (
        all(LINE.match(l) for l in log.splitlines())
        and len(re.split(r"[\s/?]+", log)) > 9000
        and re.sub(r"(\d+)\.(\d+)", r"\2.\1", log).count("0.10") >= 1000
    )
    source = "total = price * (1.25 + tax) - 'it\\'s' <= x\n" * 300
    kinds = [m.lastgroup for m in TOKEN.finditer(source)]
    assert (
        kinds.count("name") == 1200
        and kinds.count("str") == 300
        and re.sub("[aeiou]", lambda m: m[0].upper(), source).count("tOtAl") == 300
    )
    assert (
        len(
            re.findall(r"\b(?:gamma|delta|omega)\b", "alpha beta gamma delta epsilon " * 1000, re.I)
        )
        == 2000
        and re.search(r"(?s)a.*?z.*?q$", "a" * 2000 + "z" + "b" * 2000 + "q")
        and not re.search(r"x+y", "x" * 400)
    )
