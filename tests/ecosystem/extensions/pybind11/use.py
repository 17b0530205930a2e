"""What the pybind11 module does."""
import gc
import pickle
import weakref

import shapes
from shapes import Colour, Grid, Shape


class Square(Shape):
    def area(self, scale):
        return -scale * super().area(scale)


s = Shape(4)
s.size += 1
s.note = "free"
print(s, s.area(), s.area(scale=10), s + Shape(), s.__dict__, pickle.loads(pickle.dumps(s)), Shape.__mro__[1].__name__)
print(shapes.total([s, Square(3)]), Square(2).area(3), shapes.swap({"a": 1, "b": 2}))
print(shapes.apply(lambda n: n * n, 3), shapes.apply(abs, -3), shapes.optional(None), shapes.optional(4))
print(Colour.red, int(Colour.green), Colour.__members__, shapes.green == Colour.green, Colour(1))
view = memoryview(Grid(2, 3))
print(view.shape, view.format, view.tolist(), view.readonly)
view[0, 1] = 7
print(view.tolist(), shapes.keywords(1, 2, x=3))
print(shapes.caught(lambda: int("x")), shapes.caught(lambda: [][0]), shapes.caught(lambda: 5))
print(Shape.area.__doc__)
for text in ("Shape('x')", "Shape(size=1, other=2)", "shapes.fail(0)", "shapes.fail(1)", "shapes.fail(2)", "s.nope",
             "shapes.total([1])", "shapes.swap({1: 1})", "shapes.apply(5, 5)", "shapes.apply(lambda n: 'x', 5)",
             "shapes.optional('x')", "Colour(9)", "shapes.caught(5)"):
    try:
        print(text, "->", eval(text))
    except Exception as e:
        print(text, "->", type(e).__name__, type(e).__mro__[1].__name__, str(e).splitlines()[0])
gone = weakref.ref(s)
del s
gc.collect()
print("collected:", gone() is None)
