# Small ints exist once, -5 to 256; so do strings that look like names, and what sys.intern was given.
import sys

a = "hello"
b = "hello"
print(a is b)
print([n for n in range(-8, 260) if int(str(n)) is int(str(n))] == list(range(-5, 257)))
print(int("257") == int("257"), int("257") is int("257"))
part = "hel"
made = part + "lo"
print(made == a, made is a, sys.intern(made) is a)
print(
    "".join(["a", " ", "b"]) is "".join(["a", " ", "b"]),
    sys.intern("".join(["a", " b"])) is sys.intern("a b"),
)
print(() is tuple([]), "" is str(), b"" is bytes())
# expect: True
# expect: True
# expect: True False
# expect: True False True
# expect: False True
# expect: True True True
