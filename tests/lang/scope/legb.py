x = "global"


def outer():
    x = "enclosing"

    def inner():
        x = "local"
        return x

    return inner(), x


print(outer(), x, len("builtin"))
# expect: ('local', 'enclosing') global 7
