# SPDX-License-Identifier: MIT
"""Python sources from a grammar that makes mistakes, for comparing two front ends.

    Maker(seed).source() -> text

Three kinds, mixed: programs of a random grammar whose parts are now and then the wrong ones;
statements of real files (what `feed` was given) with tokens or characters dropped, doubled, swapped
or replaced; rows of random tokens. The same seed gives the same sources. errors.py runs them under
both interpreters.
"""
import io
import random
import tokenize

NAMES = [
    "a",
    "b",
    "x",
    "self",
    "_",
    "match",
    "case",
    "print",
    "exec",
    "type",
    "async_",
    "é",
    "__debug__",
    "soft",
]
KEYWORDS = (
    "False None True and as assert async await break class continue def del elif else except "
    "finally for from global if import in is lambda nonlocal not or pass raise return try while "
    "with yield"
).split()
OPERATORS = (
    "+ - * ** / // % @ << >> & | ^ ~ := < > <= >= == != <> ( ) [ ] { } , : . ; = -> += -= "
    "*= /= //= %= @= &= |= ^= >>= <<= **= ... ! $ ? `"
).split()
LITERALS = [
    '1',
    '0',
    '1.5',
    '1e5',
    '2j',
    '0x1F',
    '0o17',
    '0b11',
    '1_000',
    '"s"',
    "'t'",
    'b"x"',
    'r"\\d"',
    '"""m\nn"""',
    'f"{a}"',
    'u"u"',
    '...',
    'None',
    'True',
    '"a" "b"',
    'b"a" b"b"',
    'f"{a!r:>{b}}"',
    'f"{a=}"',
    'rb"\\x"',
    '1.',
    '.5',
    '1if',
]
BAD_LITERALS = [
    '1_',
    '0_7',
    '012',
    '0x',
    '0b2',
    '0o8',
    '1e',
    '1e+',
    '1__0',
    '1.2.3',
    '1a',
    '0xg',
    '5j5',
    '"open',
    "'open",
    '"""open',
    'f"{',
    'f"}"',
    'f"{a"',
    'f"{}"',
    'f"{a!x}"',
    'f"{a b}"',
    'f"{a:{b:{c}}}"',
    'f"{lambda x: 1}"',
    'f"{\\n}"',
    'f"{#}"',
    'f"{a!}"',
    'f"{a:{"',
    'f"{*a}"',
    'f"{a.}"',
    'f"{a[}"',
    'f"{(a}"',
    'f"{yield}"',
    'f"{a:=3}"',
    'f"{a!=b}"',
    'f"{a!r!s}"',
    'f"{ }"',
    'f"{a:}}"',
    "f'''{\na\n!r}'''",
    "f'''{\na b\n}'''",
    '"a" b"b"',
    'b"é"',
    '"\\x1"',
    '"\\N{no}"',
    '"\\N{"',
    '"\\uD8"',
    'b"\\x1"',
    '"\\q"',
    'b"\\q"',
    '"\\400"',
    'ur"x"',
    'fb"x"',
    '1_000_',
    '0_0',
    '00',
    '1jx',
    '1or',
    '0xfor',
    '€',
    '\u00a0',
    '\x00'[:0],
    'ª',
    '𝔘',
    'x²',
    '“',
    '\x0c',
    '\\',
    '\\ ',
    '1is',
    '0b1or',
    '1else',
    '0_x',
    '0e0',
    '1_e5',
]
BINARY = "+ - * / // % @ ** << >> & | ^ and or in is == < >=".split() + [
    "not in",
    "is not",
    "!=",
    "<>",
]


class Maker:
    """Makes sources. Methods are named after the part of the grammar they make."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.statements = []

    def feed(self, statements):
        """Real source texts, a statement each."""
        self.statements = statements

    def source(self):
        kind = self.random.random()
        if kind < 0.4 or not self.statements:
            text = "".join(self.statement() for _ in range(self.random.randrange(1, 3)))
            return text if self.random.random() < 0.7 else self.damaged(text)
        if kind < 0.9:
            return self.damaged(self.pick(self.statements))
        return self.tokens()

    # -- Choosing ------------------------------------------------------------------------------

    def pick(self, items):
        return items[self.random.randrange(len(items))]

    def maybe(self, chance, text, other=""):
        return text if self.random.random() < chance else other

    def several(self, make, low=0, high=4, between=", "):
        return between.join(make() for _ in range(self.random.randrange(low, high)))

    def comma(self):
        return self.maybe(0.2, self.maybe(0.9, ",", ",,"))

    # -- Damage --------------------------------------------------------------------------------

    def tokens(self):
        """A row of tokens without any order."""
        kinds = [
            NAMES,
            KEYWORDS,
            OPERATORS,
            LITERALS,
            BAD_LITERALS,
            ["\n", "\n ", "\n  ", "\n    ", "\n\t", "# c\n", "\\\n", "\r", "\r\n"],
        ]
        return "".join(
            self.pick(self.pick(kinds)) + self.maybe(0.8, " ")
            for _ in range(self.random.randrange(1, 12))
        ) + self.maybe(0.7, "\n")

    def split(self, text):
        """Tokens with the white space before them."""
        try:
            found = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError):
            return list(text)
        lines, pieces, at = text.splitlines(keepends=True), [], (1, 0)
        for token in found:
            if token.start < at or token.start[0] > len(lines):
                continue
            gap = "".join(self.between(lines, at, token.start))
            pieces.append(gap + token.string)
            at = token.end
        return pieces

    @staticmethod
    def between(lines, at, to):
        if at[0] == to[0]:
            return [lines[at[0] - 1][at[1] : to[1]]]
        return [lines[at[0] - 1][at[1] :], *lines[at[0] : to[0] - 1], lines[to[0] - 1][: to[1]]]

    def damaged(self, text):
        pieces = self.split(text) if self.random.random() < 0.8 else list(text)
        for _ in range(self.pick([1, 1, 1, 2, 3])):
            if not pieces:
                break
            self.damage(pieces)
        return "".join(pieces)

    def damage(self, pieces):
        """One change to the list of tokens, in place."""
        i, j = self.random.randrange(len(pieces)), self.random.randrange(len(pieces))
        what = self.random.randrange(9)
        if what == 0:
            del pieces[i]
        elif what == 1:
            pieces.insert(i, pieces[i])
        elif what == 2:
            pieces[i], pieces[j] = pieces[j], pieces[i]
        elif what == 3:
            pieces[i] = " " + self.pick(
                self.pick([NAMES, KEYWORDS, OPERATORS, LITERALS, BAD_LITERALS])
            )
        elif what == 4:
            pieces.insert(
                i, " " + self.pick(self.pick([NAMES, KEYWORDS, OPERATORS, LITERALS, BAD_LITERALS]))
            )
        elif what == 5:
            del pieces[i : i + self.random.randrange(2, 6)]
        elif what == 6:
            del pieces[i:]
        elif what == 7:
            pieces.insert(
                i,
                self.pick(
                    [
                        "\n",
                        " ",
                        "\t",
                        "\n    ",
                        "\\\n",
                        "\r",
                        "\f",
                        " " + self.expression(),
                        "\n" + self.statement(),
                    ]
                ),
            )
        else:
            pieces[i] = " " + self.expression(2)

    # -- Expressions ---------------------------------------------------------------------------

    def expression(self, depth=0):
        """An expression, or now and then what is none; `depth` bounds nesting."""
        r = self.random.random()
        if depth > 3 or r < 0.3:
            return (
                self.pick(NAMES)
                if r < 0.15
                else self.pick(LITERALS)
                if r < 0.28
                else self.pick(BAD_LITERALS)
            )
        e = lambda: self.expression(depth + 1)
        forms = [
            lambda: "(%s)" % e(),
            lambda: "[%s]" % self.items(depth),
            lambda: "{%s}" % self.items(depth),
            lambda: "(%s)" % self.items(depth),
            lambda: "%s(%s)" % (e(), self.arguments(depth)),
            lambda: "f(%s)" % self.arguments(depth),
            lambda: "%s[%s]" % (e(), self.slices(depth)),
            lambda: "%s.n" % e(),
            lambda: "%s %s %s" % (e(), self.pick(BINARY), e()),
            lambda: "%s %s %s" % (e(), self.pick(BINARY), e()),
            lambda: self.pick(["-", "+", "~", "not "]) + e(),
            lambda: "%s if %s else %s" % (e(), e(), e()),
            lambda: "%s if %s" % (e(), e()),
            lambda: "lambda %s: %s" % (self.parameters(depth, True), e()),
            lambda: "[%s %s]" % (e(), self.clauses(depth)),
            lambda: "{%s %s}" % (e(), self.clauses(depth)),
            lambda: "(%s %s)" % (e(), self.clauses(depth)),
            lambda: "{%s: %s %s}" % (e(), e(), self.clauses(depth)),
            lambda: "{%s}" % self.pairs(depth),
            lambda: "(%s := %s)" % (self.maybe(0.7, "a", e()), e()),
            lambda: "await " + e(),
            lambda: "(yield %s)" % e(),
            lambda: "*" + e(),
            lambda: "**" + e(),
            lambda: "%s, %s" % (e(), e()),
            lambda: "%s := %s" % (e(), e()),
            lambda: "%s %s" % (e(), e()),
            lambda: "%s = %s" % (e(), e()),
            lambda: "yield from " + e(),
            lambda: 'f"%s{%s%s}"'
            % (
                self.maybe(0.2, "{{"),
                e().replace('"', "'"),
                self.pick(["", "", "=", "!r", ":>10", ":{a}", "!r:x", "}"]),
            ),
        ]
        return self.pick(forms)()

    def items(self, depth):
        return (
            self.several(lambda: self.maybe(0.1, "*") + self.expression(depth + 1)) + self.comma()
        )

    def pairs(self, depth):
        """What stands between the braces of a dict."""

        def pair():
            e = lambda: self.expression(depth + 1)
            return self.pick(
                [lambda: "%s: %s" % (e(), e())] * 4
                + [
                    lambda: "**" + e(),
                    lambda: e(),
                    lambda: "%s:" % e(),
                    lambda: ": " + e(),
                    lambda: "*" + e(),
                    lambda: "%s: *%s" % (e(), e()),
                    lambda: "%s = %s" % (e(), e()),
                ]
            )()

        return self.several(pair) + self.comma()

    def arguments(self, depth):
        """What stands between the parentheses of a call."""

        def argument():
            e = lambda: self.expression(depth + 1)
            return self.pick(
                [
                    e,
                    e,
                    e,
                    lambda: "k=" + e(),
                    lambda: "k=" + e(),
                    lambda: "*" + e(),
                    lambda: "**" + e(),
                    lambda: e() + " " + self.clauses(depth),
                    lambda: "k=%s %s" % (e(), self.clauses(depth)),
                    lambda: "a.b=" + e(),
                    lambda: "k:=" + e(),
                    lambda: "True=" + e(),
                    lambda: "%s=%s" % (e(), e()),
                    lambda: "k=",
                    lambda: "a b",
                ]
            )()

        return self.several(argument) + self.comma()

    def slices(self, depth):
        """What stands between the brackets of a subscript."""
        e = lambda: self.maybe(0.7, self.expression(depth + 1))
        return (
            self.several(
                lambda: self.pick(
                    [
                        lambda: self.expression(depth + 1),
                        lambda: e() + ":" + e(),
                        lambda: e() + ":" + e() + ":" + e(),
                        lambda: "*" + e(),
                        lambda: "a:=" + e(),
                        lambda: "k=" + e(),
                    ]
                )(),
                1,
                3,
            )
            + self.comma()
        )

    def clauses(self, depth):
        def clause():
            return "%s %s in %s%s" % (
                self.pick(["for", "for", "for", "async for"]),
                self.maybe(0.6, "x", self.expression(depth + 2)),
                self.expression(depth + 1),
                self.maybe(0.3, " if " + self.expression(depth + 1)),
            )

        return self.several(clause, 1, 3, " ") if self.random.random() < 0.95 else "for x"

    def parameters(self, depth, short=False):
        """Parameters of a function; `short`: of a lambda, without annotations."""

        def one():
            value = lambda: self.expression(depth + 2)
            note = "" if short else self.maybe(0.3, ": " + value())
            return self.pick(
                [lambda: self.pick(NAMES) + note] * 4
                + [lambda: "p%s=%s" % (note, value())] * 3
                + [
                    lambda: "*",
                    lambda: "*c" + note,
                    lambda: "**d" + note,
                    lambda: "/",
                    lambda: "(a, b)",
                    lambda: "e=",
                    lambda: "*a=1",
                    lambda: "**k=1",
                    lambda: "*, ",
                    lambda: "None",
                    lambda: "**",
                    lambda: "a b",
                    lambda: "1",
                    lambda: "*c: *int",
                    lambda: "a.b",
                ]
            )()

        return self.several(one, 0, 5) + self.comma()

    # -- Patterns ------------------------------------------------------------------------------

    def pattern(self, depth=0):
        """A pattern of a case."""
        if depth > 2:
            return self.pick(["x", "_", "1", '"s"', "a.b", "None", "-1", "1+2j", "*_"])
        p = lambda: self.pattern(depth + 1)
        forms = [
            lambda: "x",
            lambda: "_",
            lambda: "1",
            lambda: "-1+2j",
            lambda: "1-a",
            lambda: "a.b",
            lambda: "(%s)" % p(),
            lambda: "[%s, %s]" % (p(), p()),
            lambda: "[*_, %s]" % p(),
            lambda: "(%s, *z)" % p(),
            lambda: '{"k": %s, **r}' % p(),
            lambda: "{**r, 1: %s}" % p(),
            lambda: "{%s: %s}" % (p(), p()),
            lambda: "C(%s, k=%s)" % (p(), p()),
            lambda: "C(k=%s, %s)" % (p(), p()),
            lambda: "a.C(%s,)" % p(),
            lambda: "%s | %s" % (p(), p()),
            lambda: "%s as y" % p(),
            lambda: "%s as _" % p(),
            lambda: "%s as a.b" % p(),
            lambda: "%s as 1" % p(),
            lambda: "%s, %s" % (p(), p()),
            lambda: "%s," % p(),
            lambda: "None",
            lambda: 'f"a"',
            lambda: "1+1",
            lambda: "+1",
            lambda: "*a",
            lambda: "[]",
            lambda: "()",
            lambda: "{}",
            lambda: '"a" "b"',
            lambda: self.expression(2),
            lambda: "{-1: %s}" % p(),
            lambda: "{**_}",
            lambda: "{a: 1, a: 2}",
            lambda: "C(a=1, a=2)",
        ]
        return self.pick(forms)()

    # -- Statements ----------------------------------------------------------------------------

    def simple(self):
        """A statement of one line."""
        e = lambda: self.expression(self.random.randrange(3))
        return self.pick(
            [
                e,
                e,
                lambda: "%s = %s" % (e(), e()),
                lambda: "x = %s" % e(),
                lambda: "%s: %s" % (e(), e()),
                lambda: "%s: %s = %s" % (e(), e(), e()),
                lambda: "%s %s= %s"
                % (e(), self.pick("+ - * / // % @ & | ^ >> << **".split()), e()),
                lambda: "del %s" % e(),
                lambda: "del (%s)" % self.items(1),
                lambda: "return " + e(),
                lambda: "return",
                lambda: "import a.b as c, d",
                lambda: "import "
                + self.several(
                    lambda: self.pick(["a", "a.b", "a as b", "a as b.c", "1", "*", ""]), 0, 3
                ),
                lambda: "from %s import %s"
                % (
                    self.pick([".x", "...", "a.b", "__future__", "", ". x", "from"]),
                    self.pick(
                        [
                            "a",
                            "(a, b,)",
                            "a,",
                            "*",
                            "a as b, c",
                            "()",
                            "(a",
                            "annotations",
                            "division",
                            "braces",
                            "nested_scopes",
                            "barry_as_FLUFL",
                            "no",
                            "(*)",
                            "a.b",
                            "a as b.c",
                        ]
                    ),
                ),
                lambda: "global a, b",
                lambda: "nonlocal x",
                lambda: "global " + self.several(lambda: self.pick(NAMES), 0, 3),
                lambda: "raise %s from %s" % (e(), e()),
                lambda: "raise",
                lambda: "raise " + e(),
                lambda: "assert %s, %s" % (e(), e()),
                lambda: "assert (%s, %s)" % (e(), e()),
                lambda: "x = y = " + e(),
                lambda: "%s = yield %s" % (e(), e()),
                lambda: "pass; " + e(),
                lambda: "print " + e(),
                lambda: "exec " + e(),
                lambda: "break",
                lambda: "continue",
                lambda: "pass",
                lambda: "*%s, %s = %s" % (e(), e(), e()),
                lambda: "(%s) = %s" % (e(), e()),
                lambda: "%s is %s" % (e(), e()),
                lambda: "with a",
                lambda: "x = (yield)",
            ]
        )()

    def block(self, indent, depth):
        if self.random.random() < 0.3:
            return self.maybe(0.9, " " + self.simple() + "\n", "\n")
        inner = indent + 1 if self.random.random() < 0.97 else indent
        return "\n" + "".join(
            self.statement(inner, depth + 1) for _ in range(self.random.randrange(1, 3))
        )

    def statement(self, indent=0, depth=0):
        """A statement with its line end, and the blocks below it."""
        space = self.maybe(0.97, " " * indent, self.pick(["", " ", "  ", "\t"]))
        if depth > 4 or self.random.random() < 0.5:
            return space + self.simple() + self.maybe(0.03, ";") + "\n"
        colon = self.maybe(0.93, ":", self.pick(["", ";", " x:", "::", "="]))
        e = lambda: self.expression(self.random.randrange(3))
        b = lambda: self.block(indent, depth)
        head = lambda form: form + colon + b()
        more = lambda *words: "".join(
            space + head(self.pick(words)) for _ in range(self.pick([0, 0, 1, 2]))
        )
        item = lambda: self.pick(
            [
                e,
                lambda: "%s as %s" % (e(), e()),
                lambda: "a as b",
                lambda: "%s as (%s)" % (e(), self.items(1)),
            ]
        )()
        forms = [
            lambda: head("if " + e()) + more("else", "elif " + e(), "elif a"),
            lambda: head("while " + e()) + more("else"),
            lambda: head("for %s in %s" % (e(), e())) + more("else"),
            lambda: head("for x in " + e()),
            lambda: head("with " + self.several(item, 1, 3)),
            lambda: head("with (%s%s)" % (self.several(item, 1, 3), self.comma())),
            lambda: head("def f(%s)%s" % (self.parameters(0), self.maybe(0.2, " -> " + e()))),
            lambda: head("def f(%s)" % self.parameters(0)),
            lambda: head("def f()"),
            lambda: head("class C%s" % self.pick(["", "()", "(%s)" % self.arguments(0)])),
            lambda: head("try")
            + more(
                "except",
                "except " + e(),
                "except %s as x" % e(),
                "except* " + e(),
                "except a, b",
                "finally",
                "else",
                "except*",
                "except E as a.b",
                "except (a, b)",
                "except* E as x",
            ),
            lambda: "match %s%s\n%s"
            % (
                e(),
                colon,
                "".join(
                    "%s case %s%s%s%s"
                    % (
                        space,
                        self.pattern(),
                        self.maybe(0.2, " if " + e()),
                        colon,
                        self.block(indent + 1, depth),
                    )
                    for _ in range(self.random.randrange(3))
                ),
            ),
            lambda: "@%s\n%s" % (e(), self.statement(indent, depth + 1)),
            lambda: "async " + self.statement(indent, depth + 1).lstrip(),
        ]
        return space + self.pick(forms)()
