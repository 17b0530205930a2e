class T:
    @property
    def v(self):
        return 42


t = T()
print(t.v)
try:
    t.v = 1
except AttributeError as e:
    print(e)
# expect: 42
# expect: property 'v' of 'T' object has no setter
