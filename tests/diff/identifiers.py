"""Which characters begin and continue an identifier (PEP 3131), in every script: the name it becomes under NFKC, or the error."""
import hashlib
import warnings

warnings.simplefilter("ignore")


def outcome(source):
    try:
        return repr(compile(source, "<identifiers>", "exec").co_names)
    except SyntaxError as e:
        return repr((type(e).__name__, e.msg, e.lineno, e.offset, e.end_offset, e.text))
    except ValueError as e:
        return repr(e)


# All of the first planes' scripts up to the ideographs, then every 37th code point of the rest.
points = [*range(0x3400), *range(0x3400, 0xD800, 37), *range(0xE000, 0x110000, 37)]
for block in range(0, len(points), 1000):
    digest = hashlib.sha256()
    for point in points[block : block + 1000]:
        for before in "", "a":
            digest.update(outcome(before + chr(point) + " = 1").encode("utf-8", "surrogatepass"))
    print("%6x" % points[block], digest.hexdigest()[:16])

for name in (
    "\ufb01n",
    "\u2167",
    "e\u0301t\u00e9",
    "\u1e9b\u0323",
    "\u212b",
    "x\u00b2",
    "\U0001d4d0",
    "\u00aa\u00ba",
    "\u0e33",
):
    print(
        ascii(name),
        outcome(name + " = 1"),
        outcome("class C:\n    def %s(self, *, %s=1): self.%s" % ((name,) * 3)),
    )
    print(
        outcome("from %s import %s as %s" % ((name,) * 3)), outcome("f(%s=1, %s=2)" % (name, name))
    )
