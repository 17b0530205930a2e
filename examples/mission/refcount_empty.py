# A new list: one reference from the name, one from the argument of getrefcount.
import sys
a = []
print(sys.getrefcount(a))
x = [1, 2, 3]
print(sys.getrefcount(x))
# expect: 2
# expect: 2
