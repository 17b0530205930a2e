# One str per text among interned ones, through growth of the table, removals in any order, and re-entry.
import gc
import marshal
import random
import sys

rng = random.Random(7)


def text(i):
    return "name%d" % i if i % 3 else "é%d€" % i


kept = {}
for step in range(60000):
    i = rng.randrange(20000)
    if i in kept and rng.random() < 0.5:
        del kept[i]
    else:
        s = sys.intern(text(i))
        assert kept.setdefault(i, s) is s, i
print(len(kept), all(sys.intern(text(i)) is s for i, s in kept.items()))

# A string that is not interned gives way to the one that is; a copy of a forgotten one stays itself.
copy = "".join(["forgotten", str(len(sys.argv))])
print(sys.intern(copy) is copy, sys.intern("".join(["forgotten", str(len(sys.argv))])) is copy)
again = sys.intern("".join(["forgotten", str(len(sys.argv))]))
print(sys.getrefcount(again))

# Names of code objects and marshalled names are the interned ones.
code = compile("def some_function(some_argument): return some_global.some_attribute", "f", "exec")
inner = marshal.loads(marshal.dumps(code)).co_consts[0]
for name in inner.co_names + inner.co_varnames + (inner.co_name,):
    print(name, sys.intern("".join(list(name))) is name)
loaded = marshal.loads(b"Z\x04nome")
print(loaded, sys.intern("".join(["no", "me"])) is loaded)
one, other = marshal.loads(b"(\x02\x00\x00\x00Z\x03abcZ\x03abc")
print(one is other, one is sys.intern("".join("abc")))
print(marshal.loads(b"Z\x00") is "", marshal.loads(b"Z\x02\xe9a"), marshal.loads(b"t\x02\x00\x00\x00\xc3\xa9"))


class Text(str):
    pass


for wrong in Text("abc"), b"abc", None:
    try:
        sys.intern(wrong)
    except TypeError as e:
        print(e)
kept.clear()
gc.collect()
print(sys.intern(text(1)) == "name1")
