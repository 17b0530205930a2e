# Bytecode of a small function.
import dis


def multiply(a, b):
    return a * b


print([i.opname for i in dis.get_instructions(multiply)])
print("Done")
# expect: ['RESUME', 'LOAD_FAST', 'LOAD_FAST', 'BINARY_OP', 'RETURN_VALUE']
# expect: Done
