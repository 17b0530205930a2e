# del removes a name, not the object another name still holds.
a = [1, 2, 3]
b = a
print(a is b)
del a
print(b)
try:
    a
except NameError as e:
    print(e)
# expect: True
# expect: [1, 2, 3]
# expect: name 'a' is not defined
