# A dict per instance, or fixed slots: less room, and no new attributes.
import sys


class PointDict:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class PointSlots:
    __slots__ = ['x', 'y']

    def __init__(self, x, y):
        self.x = x
        self.y = y


p = PointDict(1, 2)
print(p.__dict__)
p.z = 3
print(p.__dict__)
s = PointSlots(1, 2)
for what in "s.__dict__", "s.z", "s.z = 3":
    try:
        exec(what)
    except AttributeError as e:
        print(e)
print(
    sys.getsizeof(s) < sys.getsizeof(p) + sys.getsizeof(p.__dict__),
    sys.getsizeof(s),
    sys.getsizeof(PointDict(1, 2)),
)
print(type(PointSlots.x), s.x)
# expect: {'x': 1, 'y': 2}
# expect: {'x': 1, 'y': 2, 'z': 3}
# expect: 'PointSlots' object has no attribute '__dict__'
# expect: 'PointSlots' object has no attribute 'z'
# expect: 'PointSlots' object has no attribute 'z'
# expect: True 48 56
# expect: <class 'member_descriptor'> 1
