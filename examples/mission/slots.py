# __slots__ replaces the instance dictionary.
class PersonDict:
    def __init__(self, name, age):
        self.name = name
        self.age = age


class PersonSlots:
    __slots__ = ['name', 'age']

    def __init__(self, name, age):
        self.name = name
        self.age = age


print("PersonDict has __dict__:", hasattr(PersonDict("Ada", 36), '__dict__'))
print("PersonSlots has __dict__:", hasattr(PersonSlots("Ada", 36), '__dict__'))
# expect: PersonDict has __dict__: True
# expect: PersonSlots has __dict__: False
