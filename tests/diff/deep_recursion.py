# Chains of a million links die without recursion; what recurses in Python or C ends in RecursionError.
import sys

N = 1_000_000


def chain(wrap, n=N):
    x = None
    for _ in range(n):
        x = wrap(x)
    return x


class Node:
    __slots__ = ("next",)

    def __init__(self, next):
        self.next = next


class Plain:
    pass


def plain(x):
    o = Plain()
    o.next = x
    return o


for name, wrap, n in (
    ("tuple", lambda x: (x,), N),
    ("list", lambda x: [x], 300_000),
    ("dict", lambda x: {0: x}, 500_000),
    ("slots", Node, 500_000),
    ("instance", plain, 500_000),
    ("iter", lambda x: iter((x,)), 500_000),
    ("map", lambda x: map(len, [x]), 300_000),
    ("zip", lambda x: zip([x]), 300_000),
    ("bound", lambda x: type(Node.__init__.__get__(1))(Node.__init__, (x,)), 300_000),
):
    x = chain(wrap, n)
    del x
    print("gone", name)


def closures(n):
    f = None
    for _ in range(n):

        def g(f=f):
            return f

        f = g
    return f


x = closures(500_000)
del x


def cells(n):
    f = None
    for _ in range(n):

        def make(f):
            return lambda: f

        f = make(f)
    return f


x = cells(500_000)
del x
e = None
for i in range(500_000):
    new = ValueError(i)
    new.__context__ = e
    e = new
del e, new
print("gone functions, cells, exceptions")


def gens(n):
    def walk(it):
        yield from it

    it = iter(())
    for _ in range(n):
        it = walk(it)
    return it


def fails(what, f, *args):
    try:
        r = f(*args)
    except RecursionError as e:
        print(what, "RecursionError", e.args[0].split(" in ")[0].split(" while")[0])
    else:
        print(what, "no error")


nested = chain(lambda x: [x], 100_000)
fails("repr list", repr, nested)
fails("repr tuple", repr, chain(lambda x: (x,), 100_000))
fails("repr dict", repr, chain(lambda x: {0: x}, 100_000))
fails("eq list", lambda: chain(lambda x: [x], 50_000) == chain(lambda x: [x], 50_000))
fails("lt tuple", lambda: chain(lambda x: (x,), 50_000) < chain(lambda x: (x,), 50_000))
fails("hash tuple", lambda: hash(chain(lambda x: (x,), 500)))
fails("next generators", lambda: next(gens(5_000)))


class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return other == self

    def __call__(self, *a):
        return self(*a)

    def __len__(self):
        return len(self)

    def __getitem__(self, i):
        return self[i]

    def __contains__(self, x):
        return x in self

    def __iter__(self):
        return iter(self)

    def __add__(self, other):
        return self + other

    def __str__(self):
        return "%s" % self

    def __format__(self, spec):
        return f"{self:{spec}}"

    def __setattr__(self, name, value):
        setattr(self, name, value)

    def __bool__(self):
        return bool(self)

    def __index__(self):
        return [1][self]

    @property
    def prop(self):
        return self.prop

    def __lt__(self, other):
        return sorted([self, self])


class B:
    def __init__(self):
        B()


class M(type):
    def __instancecheck__(cls, o):
        return isinstance(o, cls)

    def __call__(cls, *a):
        return cls(*a)


class C(metaclass=M):
    pass


a = A()
for what, f in (
    ("getattr", lambda: a.foo),
    ("repr", lambda: repr(a)),
    ("eq", lambda: a == A()),
    ("call", lambda: a(1)),
    ("len", lambda: len(a)),
    ("getitem", lambda: a[0]),
    ("contains", lambda: 1 in a),
    ("iter", lambda: iter(a)),
    ("add", lambda: a + 1),
    ("str", lambda: str(a)),
    ("format", lambda: format(a, "x")),
    ("setattr", lambda: setattr(a, "q", 1)),
    ("bool", lambda: bool(a)),
    ("index", lambda: [1][a]),
    ("property", lambda: a.prop),
    ("lt", lambda: sorted([a, a])),
    ("init", B),
    ("instancecheck", lambda: isinstance(1, C)),
    ("metacall", lambda: C()),
    ("map", lambda: list(map(lambda x: a.prop, [1]))),
):
    fails(what, f)
print(sys.getrecursionlimit())
