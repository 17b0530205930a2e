def counter():
    n = 0

    def step():
        nonlocal n
        n += 1
        return n

    return step


c = counter()
c()
print(c(), c.__closure__[0].cell_contents)
# expect: 2 2
