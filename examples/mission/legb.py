# Scopes: local, enclosing, global, built-in.
x = "Global"


def outer():
    x = "Enclosing"

    def inner():
        x = "Local"
        print(x)

    inner()
    print(x)


outer()
print(x)
# expect: Local
# expect: Enclosing
# expect: Global
