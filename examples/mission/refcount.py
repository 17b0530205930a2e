# Counting references; getrefcount's own argument is one of them.
import sys
data = [10, 20, 30]
print(sys.getrefcount(data))
alias = data
print(sys.getrefcount(data))
del alias
print(sys.getrefcount(data))
# expect: 2
# expect: 3
# expect: 2
