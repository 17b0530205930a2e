# super().name in loops, so that it is specialised, and everything that may then change under it.
import sys
import traceback


def repeat(f, *args):
    out = [f(*args) for _ in range(40)]
    assert all(o == out[0] for o in out[1:]), out
    return out[0]


class Base:
    kind = "base"

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def method(self, a=1, *, k=2):
        return "Base.method", a, k

    @classmethod
    def klass(cls):
        return "Base.klass", cls.__name__

    @staticmethod
    def static(x=0):
        return "Base.static", x

    @property
    def count(self):
        return sys.getrefcount(self)

    def __len__(self):
        return 5

    def gen(self):
        yield 1


class Child(Base):
    kind = "child"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def method(self, *args, **kw):
        return super().method(7, k=8), super().method(*args, **kw), super().kind

    @classmethod
    def klass(cls):
        return super().klass(), super().static(3), super().method

    @staticmethod
    def static(x=0):
        try:
            super().static(x)
        except TypeError as e:
            return str(e)

    @property
    def count(self):
        return super().count

    def refs(self):
        return sys.getrefcount(self), super().count

    def __len__(self):
        return super().__len__() + 1

    def gen(self):
        yield from super().gen()
        yield super().method()

    def missing(self):
        return super().nothing

    def missing_call(self):
        return super().nothing()

    def inner(self):
        return [super(Child, self).kind for _ in range(2)], (lambda: self)() is self, super().method()

    def renamed(self, other):
        self = other
        return super().method()

    def deleted(self):
        del self
        return super().method()

    def its_class(self):
        return super().__class__, super().__thisclass__.__name__, super().__self_class__.__name__


class Grand(Child):
    def method(self, *args, **kw):
        return "Grand", super().method(*args, **kw)

    @classmethod
    def klass(cls):
        return super().klass()[:2]


for cls in Child, Grand:
    o = cls(1, b=2)
    print(o.args, o.kwargs, repeat(o.method), repeat(o.method, 3), repeat(len, o))
    print(repeat(cls.klass)[:2], repeat(cls.static), repeat(lambda: list(o.gen())))
    print(repeat(lambda: o.count), repeat(o.refs), repeat(o.inner), repeat(o.renamed, cls()), repeat(o.its_class))


def failing(f, *args):
    seen = set()
    for _ in range(40):
        try:
            f(*args)
        except Exception as e:
            last = traceback.extract_tb(e.__traceback__)[-1]
            seen.add((type(e).__name__, str(e), last.lineno, last.colno, last.end_colno))
    print(sorted(seen))


o = Child()
failing(o.missing)
failing(o.missing_call)
failing(o.deleted)
failing(o.renamed, 5)
failing(o.renamed, Base())
failing(Child.method, None)
failing(Child.method, 3)


# -- The same code for many classes -----------------------------------------------------------------------------

def make(base, word):
    class Made(base):
        def method(self):
            return word, super().method()[0]

        def own(self):
            return super().__init__()
    return Made


made = [make(Base, i) for i in range(4)]
made += [make(made[0], 9), make(make(Base, "x"), "y")]
for _ in range(30):
    result = [m().method() for m in made]
print(result)

# -- Changes --------------------------------------------------------------------------------------------------------


class Middle(Base):
    pass


class Leaf(Middle):
    def method(self):
        return super().method()


leaf = Leaf()
print(repeat(leaf.method))
Middle.method = lambda self: "added to Middle"
print(repeat(leaf.method))
Middle.method = 5
failing(leaf.method)
Middle.method = staticmethod(lambda: "static in Middle")
print(repeat(leaf.method))
Middle.method = classmethod(lambda cls: cls.__name__)
print(repeat(leaf.method))
del Middle.method
print(repeat(leaf.method))
Base.method = lambda self: "new in Base"
print(repeat(leaf.method))


class Other:
    def method(self):
        return "Other"


Middle.__bases__ = (Other,)
print(repeat(leaf.method))


class Elsewhere(Leaf, Base):
    pass


leaf.__class__ = Elsewhere
print(repeat(leaf.method))
leaf.__dict__["method"] = lambda: "instance"
print(leaf.method(), Leaf.method(leaf))


class Cell(Base):
    def method(self, new=None):
        nonlocal_class(new) if new else None
        return super().method()

    def set_class(self, new):
        nonlocal __class__
        __class__ = new

    def forget(self):
        nonlocal __class__
        del __class__


def nonlocal_class(new):
    Cell.set_class(None, new)


class Between(Base):
    def method(self):
        return "Between"


class Low(Cell, Between):
    pass


low = Low()
print(repeat(low.method))
low.set_class(Between)
print(repeat(low.method))
low.set_class(3)
failing(low.method)
low.set_class(Cell)
print(repeat(low.method))
low.forget()
failing(low.method)

# -- Classes that are instances of classes below -------------------------------------------------------------------


class Meta(type):
    def method(cls):
        return "Meta", cls.__name__


class Sub(Meta):
    def method(cls):
        return super().method()

    def __call__(cls, *args):
        return super().__call__(*args)


class Of(metaclass=Sub):
    pass


class Both(Sub, metaclass=Sub):
    def method(cls):
        return "Both"


print(repeat(Of.method), repeat(lambda: type(Of()).__name__))
for _ in range(30):
    pair = Sub.method(Of)
print(pair)
failing(lambda: Sub.method(Both))

# -- Built-in bases -------------------------------------------------------------------------------------------------


class D(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k, [v])

    def __getitem__(self, k):
        return super().__getitem__(k)

    def get(self, k, *rest):
        return super().get(k, *rest), super().get(k)

    def copy(self, *wrong):
        return super().copy(1) if wrong else super().copy()

    def pop(self, k):
        return super().pop(key=k)

    def fromkeys(self):
        return super().fromkeys("ab")

    def bad(self):
        return super().__len__(1)


d = D()
for i in range(40):
    d[i] = i
print(d[7], repeat(d.get, 7), repeat(d.get, -1, 0), len(repeat(d.copy)), repeat(d.fromkeys))
failing(d.copy, 1)
failing(d.pop, 1)
failing(d.bad)
failing(d.__getitem__, "no")


class T(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)


class E(ValueError):
    def __init__(self, code):
        super().__init__("code %d" % code)
        self.code = code

    def __str__(self):
        return "<%s>" % super().__str__()


print(repeat(lambda: T(1, 2)), repeat(lambda: str(E(3))), repeat(lambda: E(4).args))

# -- A super of one's own; tracing ----------------------------------------------------------------------------------


class Shadowed(Base):
    def method(self):
        return super().method()


s = Shadowed()
print(repeat(s.method))
real, super = super, lambda: o
try:
    failing(s.method)
finally:
    del super
print(repeat(s.method))
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name in ("method", "<lambda>"):
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
s.method()
sys.settrace(None)
print(events)
events = []
sys.setprofile(lambda frame, event, arg: events.append((event, getattr(arg, "__name__", None))))
s.method()
Child()
sys.setprofile(None)
print(events)
print(repeat(s.method))
