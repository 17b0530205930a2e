# What dis prints for a function: loads push, the operation takes two and pushes one, the return takes the last.
import dis


def add(a, b):
    return a + b


dis.dis(add)
print([dis.stack_effect(i.opcode, i.arg) for i in dis.get_instructions(add)][1:])
print(list(add.__code__.co_code[:6]), add.__code__.co_varnames, add.__code__.co_stacksize)
# expect:   5           0 RESUME                   0
# expect:
# expect:   6           2 LOAD_FAST                0 (a)
# expect:               4 LOAD_FAST                1 (b)
# expect:               6 BINARY_OP                0 (+)
# expect:              10 RETURN_VALUE
# expect: [1, 1, -1, -1]
# expect: [151, 0, 124, 0, 124, 1] ('a', 'b') 2
