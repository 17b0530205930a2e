class M(type):
    def __new__(m, name, bases, ns, **kw):
        ns['made'] = kw
        return super().__new__(m, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        pass


class A(metaclass=M, k=1):
    pass


print(A.made, type(A).__name__)
# expect: {'k': 1} M
