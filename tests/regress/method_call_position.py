# A method call that begins on an earlier line than its attribute's last one starts, in the line table, at the name.
def positions(source):
    for p in compile(source, "f", "exec").co_positions():
        print(*p)


positions("x = (\n    a.b._name\n)(c)\n")
positions("(a\n .b\n)(c,\n  d=1)\n")
positions("a.b(c)\n(\n a).b(\n)\n")
