# A name assigned in a function is that function's own, unless nonlocal or global says otherwise.
def outer():
    x = 10

    def inner():
        x = 20
        print(x)

    inner()
    print(x)


outer()


def counter():
    n = 0

    def up():
        nonlocal n
        n += 1
        return n

    return up


up = counter()
up()
print(up(), up.__closure__[0].cell_contents)

total = 0


def add(k):
    global total
    total += k


add(5)
print(total, len("builtin"))
# expect: 20
# expect: 10
# expect: 2 2
# expect: 5 7
