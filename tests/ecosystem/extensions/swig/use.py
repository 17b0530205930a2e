"""Uses the wrapped classes, derives from them, hands over containers, and makes every kind of error."""
import gc
import pickle

import bank


class Golden(bank.Account):
    def fee(self, amount):
        return 0 if amount < 50 else self.never

    def kind(self):
        return "golden " + super().kind()


a, g = bank.Account("ann", 1000), Golden("bob", 100)
a.withdraw(100)
g.withdraw(10)
print(a.balance(), g.balance(), a.owner, bank.cvar.Account_alive)
print(bank.kind_of(5), bank.kind_of(5.5), bank.kind_of("x"), bank.kind_of(g), bank.kind_of(a), bank.kind_of(None))
p = bank.Point(1, 2) + bank.Point(3)
p.x += 1
print(p, p == bank.Point(5, 2), p.at(1), repr(type(p.this).__name__), type(p).__mro__[1:])
print(bank.squares([1, 2, 3]), list(bank.squares(range(4))), dict(bank.lengths(["a", "bcd"])), bank.split(2.5))
v = bank.Ints([5, 6, 7])
v.append(8)
v[1:3] = [1]
del v[0]
print(list(v), len(v), v[-1], v.size(), bank.name(bank.GREEN), bank.BLUE, [x for x in bank.Table({"k": 1}).items()])
for bad in ("a.withdraw(10**6)", "g.withdraw(60)", "bank.Account()", "bank.Account(5)", "bank.kind_of([])", "v[9]",
            "bank.squares(['x'])", "a.owner.nothing", "bank.Point('x')", "bank.name(b'')", "a.withdraw(2**70)",
            "bank.lengths(5)", "pickle.dumps(a)", "setattr(a, 'owner', 'x')", "bank.Account.withdraw(5, 6)"):
    try:
        print(bad, eval(bad))
    except Exception as e:
        print(bad, type(e).__name__, str(e).splitlines()[0])
    else:
        a.__dict__.pop("owner", None)
before = bank.cvar.Account_alive
for i in range(20000):
    x = (bank.Account, Golden)[i % 2]("n", i)
    x.kind()
    x.withdraw(0)
del x
gc.collect()
print(bank.cvar.Account_alive == before)
g.__disown__()
del g
gc.collect()
print(bank.cvar.Account_alive - before, a.thisown, a.this.own(), bank.Point.x.__doc__, bank.kind_of.__doc__)
