# A collection that runs while a class is being added to its base takes the base's last other subclass away.
import gc


class Base:
    pass


old = gc.get_threshold()
gc.disable()
for n in range(60):
    gc.collect()
    type("Cyclic", (Base,), {})  # garbage in a cycle, like every class
    gc.set_threshold(gc.get_count()[0] + n)
    gc.enable()
    kept = type("Kept", (Base,), {})
    gc.disable()
    gc.set_threshold(*old)
    gc.collect()
    assert [c.__name__ for c in Base.__subclasses__()] == ["Kept"]
    del kept
gc.collect()
print(Base.__subclasses__())
