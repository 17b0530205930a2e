# '%10s' % (a if b else c,) becomes a format whose spec has no place of its own: it takes that of the instruction before.
import dis

for arg in "v if y else 'a'", "v or w", "f(v)", "a\n.b\n.c()", "lambda: 1", "(v if y else w) + 1":
    for text in "'%10s'", "'%s'", "'-%10s-%%-%-3r'":
        source = "%s %% (%s,%s)\n" % (text, arg, " z" if "r" in text else "")
        print(source)
        for i in dis.get_instructions(compile(source, "f", "exec")):
            print(i.opname, *i.positions)
