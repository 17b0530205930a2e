# `is` asks whether two names hold one object, `==` whether the values are equal: only the second compares values.
a = int("1000")
b = int("1000")
print(a is b)
print(a == b)
x = [1, 2, 3]
y = [1, 2, 3]
print(x == y)
s = "".join(["py", "thon"])
print(s == "python")
print(None is None, id(x) == id(x), id(x) == id(y))
# expect: False
# expect: True
# expect: True
# expect: True
# expect: True True False
