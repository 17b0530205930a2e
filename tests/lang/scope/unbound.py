def f():
    print(x)
    x = 1


f()
# expect raise: UnboundLocalError: cannot access local variable 'x' where it is not associated with a value
