# What operators do in classes with several bases, bases made in C, and names set or removed later.


class Sized:
    def __len__(self):
        return 3


class Listed(list):
    pass


class ListedSized(Listed, Sized):
    pass


class SizedList(Sized, list):
    pass


class Number(int):
    def __radd__(self, other):
        return "radd"

    __hash__ = None


class SizedNumber(Number, Sized):
    pass


class Items(tuple, Sized):
    def __getitem__(self, i):
        return "item"


class Failure(Exception, Sized):
    __slots__ = ()


class Mapping(dict):
    __iter__ = None
    __call__ = len


class SizedMapping(Mapping, Sized):
    pass


class Text(str):
    def __getattr__(self, name):
        return "attribute " + name


class Iterator(Sized):
    def __next__(self):
        return 1


class SizedIterator(Iterator, Sized):
    pass


CLASSES = [c for c in list(globals().values()) if isinstance(c, type)]
OPERATIONS = {
    "len": len,
    "1 + o": lambda o: 1 + o,
    "o + 1": lambda o: o + 1,
    "o[0]": lambda o: o[0],
    "list": list,
    "hash": lambda o: hash(o) and 0,
    "call": lambda o: o(),
    "attribute": lambda o: o.absent,
    "next": next,
    "equal": lambda o: o == o,
    "truth": bool,
    "less": lambda o: o < o,
    "no next": lambda o: callable(type(o).__next__),
}


def show(title):
    print("--", title)
    for c in CLASSES:
        for name, operation in OPERATIONS.items():
            try:
                result = operation(c())
            except Exception as e:
                result = "%s: %s" % (type(e).__name__, e)
            print(c.__name__, name, result)


show("as written")
Sized.__add__ = lambda self, other: "added"
Sized.__next__ = lambda self: 5
SizedList.__getattr__ = lambda self, name: name
SizedNumber.__bool__ = lambda self: False
setattr(SizedIterator, "".join(["__it", "er__"]), lambda self: iter("abc"))
show("with names added")
del Sized.__add__, Sized.__len__, Sized.__next__
Iterator.__bases__ = (Sized, )
show("with names removed")


class Key(str):
    """A key of a class's dict that is no exact string."""


class Slotted:
    __slots__ = ("value", )


type.__setattr__(Slotted, "__len__", lambda self: 9)
print(len(Slotted()))
print(len(type("FromKey", (Slotted, ), {Key("__len__"): lambda self: 8})()))
print(len(type("FromText", (Sized, Slotted), {"_" * 2 + "len__": lambda self: 7, "x" * 3: 1})()))
