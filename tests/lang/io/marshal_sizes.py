# Marshal data that promises more items than there are bytes: the error comes without memory for what is not there.
import marshal, resource

resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

HUGE = b"\xff\xff\xff\x3f"
for data in (
    b"(" + HUGE + b"N",
    b"[" + HUGE + b"NN",
    b"\xdb" + HUGE + b"r\0\0\0\0",
    (b"(" + HUGE) * 50,
    b"s" + HUGE,
    b"u" + HUGE,
):
    try:
        print(marshal.loads(data))
    except EOFError as e:
        print(e)
# expect: EOF read where object expected
# expect: EOF read where object expected
# expect: EOF read where object expected
# expect: EOF read where object expected
# expect: marshal data too short
# expect: marshal data too short
