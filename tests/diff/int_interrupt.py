# Long integer operations see signals: a handler that raises ends them.
import signal, sys

sys.set_int_max_str_digits(0)


class Interrupted(Exception):
    pass


def handler(signum, frame):
    raise Interrupted


signal.signal(signal.SIGALRM, handler)
big = 1 << 3 * 10**8 | 12345
odd = (1 << 200_000) + 1
for name, work in (
    ('power', lambda: 3 ** (3 * 10**8)),
    ('product', lambda: big * (big + 2)),
    ('text', lambda: str(big)),
    ('power modulo', lambda: pow(3, odd, odd + 2)),
):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        work()
        print(name, 'ended')
    except Interrupted:
        print(name, 'interrupted')
    signal.setitimer(signal.ITIMER_REAL, 0)
