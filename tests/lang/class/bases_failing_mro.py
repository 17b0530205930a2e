# A mro() that fails when __bases__ is assigned: what was cached meanwhile must not outlive the bases
# that were tried (python3.11 prints B twice in the end).
# expect: A A
# expect: no order
# expect: ('D', 'A', 'object') ('E', 'D', 'A', 'object')
# expect: A anew A anew


class Meta(type):
    fails = False

    def mro(cls):
        if Meta.fails and cls.__name__ == "Failing":
            D.value, E.value
            raise RuntimeError("no order")
        return super().mro()


class A:
    value = "A"


class B:
    value = "B"


class D(A):
    pass


class E(D):
    pass


class Failing(D, metaclass=Meta):
    pass


def names(classes):
    return tuple(c.__name__ for c in classes)


print(D.value, E.value)
A.value = "A without a tag"
Meta.fails = True
try:
    D.__bases__ = (B,)
except RuntimeError as e:
    print(e)
Meta.fails = False
print(names(D.__mro__), names(E.__mro__))
A.value = "A anew"
print(D.value, E.value)
