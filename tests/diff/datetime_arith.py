# Arithmetic, comparison, zones, local time and pickles.
import copy
import os
import pickle
import time as clock
import zlib
from datetime import *

seed = 11


def pick(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n


def attempt(fn, *args, **kwargs):
    try:
        return repr(fn(*args, **kwargs))
    except Exception as exc:
        return f'{type(exc).__name__}: {exc}'


NUMBERS = [
    0,
    1,
    -1,
    2,
    3,
    7,
    -7,
    10**6,
    86400,
    -86401,
    999999999,
    2**31,
    2**63,
    -(2**63),
    10**20,
    2**70,
    -(2**127),
    2**200,
    True,
]
FLOATS = [
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    0.1,
    1 / 3,
    1e-7,
    5e-7,
    1.5e-6,
    1e300,
    -1e15,
    1e15 + 0.5,
    5e-324,
    2.0**62,
    2.0**70,
    float('inf'),
    float('nan'),
    1e9,
    123456789.123456789,
    2.0**-60,
    2.0**-119,
    2.0**-125,
    3e-20,
]
DELTAS = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(microseconds=-1),
    timedelta(seconds=1),
    timedelta(days=1),
    timedelta(-1, 2, 3),
    timedelta(999999999, 86399, 999999),
    timedelta(-999999999),
    timedelta(12345, 54321, 99999),
    timedelta(hours=-3, microseconds=5),
]

for n in NUMBERS + FLOATS + ['x', None, 1j]:
    for unit in ('days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks'):
        print(n, unit, attempt(timedelta, **{unit: n}))
print(
    attempt(timedelta, 10**40, 0, -86400 * 10**46),
    attempt(timedelta, 10**40 + 1, 0.5, -86400 * 10**46, weeks=1.5),
)
total = 0
for _ in range(3000):
    kwargs = {
        unit: [NUMBERS[pick(11)], FLOATS[pick(12)], pick(10**9) / 10**6][pick(3)]
        for unit in ('days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks')
        if pick(3)
    }
    total = zlib.crc32(attempt(timedelta, **kwargs).encode(), total)
print(total)

OPS = {
    '+': lambda a, b: a + b,
    '-': lambda a, b: a - b,
    '*': lambda a, b: a * b,
    '/': lambda a, b: a / b,
    '//': lambda a, b: a // b,
    '%': lambda a, b: a % b,
    'divmod': divmod,
    '<': lambda a, b: a < b,
    '==': lambda a, b: a == b,
    '>=': lambda a, b: a >= b,
    '!=': lambda a, b: a != b,
}
for name, op in OPS.items():
    for a in DELTAS:
        total = 0
        for b in NUMBERS + FLOATS + DELTAS + ['x', None, date(2020, 1, 1)]:
            result = attempt(op, a, b), attempt(op, b, a)
            total = zlib.crc32(repr((a, b, result)).encode(), total)
        print(name, a, result, total)
for _ in range(4000):
    a = timedelta(pick(2 * 10**9) - 10**9 if pick(2) else pick(3), pick(86400), pick(10**6))
    x = [
        pick(2**31) - 2**30,
        pick(2**31) / (1 + pick(2**31)),
        pick(2**31) * 2.0 ** -pick(160),
        pick(2**31) * 2.0 ** pick(70),
        pick(9) / 2,
    ][pick(5)]
    total = zlib.crc32(
        repr([attempt(op, a, x) for op in list(OPS.values())[2:5]] + [a.total_seconds()]).encode(),
        total,
    )
print(total)
for d in DELTAS:
    print(
        str(d),
        repr(d),
        d.total_seconds(),
        attempt(abs, d),
        attempt(lambda: -d),
        attempt(lambda: +d),
        bool(d),
        d.__reduce__(),
    )

TIMES = [
    datetime.min,
    datetime.max,
    datetime(2020, 2, 29),
    datetime(2000, 1, 1, 0, 0, 0, 1),
    datetime(1999, 12, 31, 23, 59, 59, 999999),
    datetime(2020, 11, 1, 1, 30, fold=1),
    datetime(2020, 3, 8, 2, 30),
    date.min,
    date.max,
    date(2020, 2, 29),
    date(1, 12, 31),
]
for t in TIMES:
    for d in DELTAS:
        print(
            t,
            d,
            attempt(lambda: t + d),
            attempt(lambda: d + t),
            attempt(lambda: t - d),
            attempt(lambda: d - t),
        )
total = 0
for i in range(5000):
    a, b = date.fromordinal(1 + pick(3652059)), date.fromordinal(1 + pick(3652059))
    iso = a.isocalendar()
    total = zlib.crc32(
        repr(
            (
                a - b,
                a.weekday(),
                iso,
                a.timetuple(),
                date.fromisocalendar(*iso) == a,
                a < b,
                attempt(lambda: a + (b - date.min)),
            )
        ).encode(),
        total,
    )
print(total)


class Zone(tzinfo):
    """One hour ahead for half of the year, with a fold and a gap."""

    def __init__(self, name=None, offset=0):
        self.name, self.offset = name, timedelta(hours=offset)

    def utcoffset(self, dt):
        return None if dt is None or self.name == 'none' else self.offset + self.dst(dt)

    def dst(self, dt):
        naive = dt.replace(tzinfo=None)
        if datetime(dt.year, 4, 1, 2) <= naive < datetime(dt.year, 10, 1, 2):
            return timedelta(hours=0 if naive >= datetime(dt.year, 10, 1, 1) and dt.fold else 1)
        return timedelta(0)

    def tzname(self, dt):
        return self.name

    def __repr__(self):
        return self.name


ZONES = [
    None,
    timezone.utc,
    timezone(timedelta(hours=5, minutes=30)),
    Zone('E', -5),
    Zone('C', 1),
    Zone('none', 3),
]
STAMPS = [
    datetime(2021, 4, 1, 1, 59),
    datetime(2021, 4, 1, 2, 30),
    datetime(2021, 10, 1, 1, 30),
    datetime(2021, 10, 1, 1, 30, fold=1),
    datetime(2021, 7, 1, 12),
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59),
]
for z in ZONES:
    for s in STAMPS:
        t = s.replace(tzinfo=z)
        print(
            t, attempt(t.timetuple), attempt(t.utctimetuple), attempt(t.timetz), t.date(), t.time()
        )
        if z:
            print(
                attempt(t.timestamp),
                [attempt(t.astimezone, o) for o in ZONES[1:]],
                attempt(z.fromutc, t),
            )
        for z2 in ZONES:
            for s2 in STAMPS[1:5]:
                u = s2.replace(tzinfo=z2)
                results = [
                    attempt(op, t, u)
                    for op in (OPS['-'], OPS['<'], OPS['=='], OPS['>='], OPS['!='])
                ]
                total = zlib.crc32(repr(results).encode(), total)
                assert t != u or hash(t) == hash(u)
                results = [
                    attempt(op, t.timetz(), u.timetz())
                    for op in (OPS['<'], OPS['=='], OPS['>='], OPS['!='])
                ]
                total = zlib.crc32(repr(results).encode(), total)
    print(z, total)
print(
    hash(datetime(2020, 1, 1, 5, tzinfo=timezone.utc))
    == hash(datetime(2020, 1, 1, 6, tzinfo=timezone(timedelta(hours=1)))),
    hash(datetime(2020, 1, 1, fold=1)) == hash(datetime(2020, 1, 1)),
    hash(time(1, 2)) == hash(time(1, 2, fold=1)),
)
for other in (1, 'x', None, date(2020, 1, 1), time(1)):
    for t in (datetime(2020, 1, 1), date(2020, 1, 1), time(1), timedelta(1), timezone.utc):
        print(type(t).__name__, other, [attempt(op, t, other) for op in OPS.values()])

# Local time
for name in ('UTC0', 'EST5EDT,M3.2.0,M11.1.0', 'XXX-5:30', 'NZST-12NZDT,M9.5.0,M4.1.0/3'):
    os.environ['TZ'] = name
    clock.tzset()
    for when in (
        0,
        1604207700.5,
        1604211300,
        1583650799.999999,
        1583650800,
        -1.5,
        1e9,
        2**33,
        0.0000005,
        1.0000015,
        253402300799,
    ):
        t = attempt(datetime.fromtimestamp, when)
        print(
            when,
            t,
            attempt(date.fromtimestamp, when),
            attempt(datetime.utcfromtimestamp, when),
            attempt(datetime.fromtimestamp, when, timezone.utc),
        )
        try:
            t = datetime.fromtimestamp(when)
            print(
                t.timestamp(),
                t.astimezone(),
                t.astimezone(timezone.utc),
                repr(t.astimezone().tzinfo),
            )
        except Exception as exc:
            print(type(exc).__name__)
    for t in (
        datetime(2020, 11, 1, 1, 30),
        datetime(2020, 11, 1, 1, 30, fold=1),
        datetime(2020, 3, 8, 2, 30),
        datetime(2020, 3, 8, 2, 30, fold=1),
        datetime(2021, 4, 4, 2, 30),
        datetime(2021, 4, 4, 2, 30, fold=1),
    ):
        print(name, t, t.fold, t.timestamp(), repr(t.astimezone()), t.strftime('%z %Z') + '|')
for bad in (1e20, -1e20, 2**62, float('nan'), float('inf'), 'x', None, 1e12, -1e12):
    for cls in (date, datetime):
        print(bad, attempt(cls.fromtimestamp, bad))
    print(
        attempt(datetime.utcfromtimestamp, bad), attempt(datetime.fromtimestamp, bad, timezone.utc)
    )


# Subclasses, copies and pickles
class D(datetime):
    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls, *args, **kwargs)
        self.made = args
        return self


d = D(2020, 1, 2, 3, 4, 5, 6, timezone.utc, fold=1)
d.extra = [1]
for value in (
    d + timedelta(1),
    d.replace(year=3),
    d.astimezone(ZONES[2]),
    D.fromordinal(5),
    D.strptime('2020', '%Y'),
    D.combine(date(2020, 1, 1), time(1, tzinfo=timezone.utc, fold=1)),
    D.fromtimestamp(0, timezone.utc),
):
    print(repr(value), value.fold, getattr(value, 'made', None))
print(
    type(d.date()),
    type(d.timetz()),
    type(d - d),
    (d == datetime(2020, 1, 2, 3, 4, 5, 6, timezone.utc)),
)
for value in [
    d,
    datetime(1, 2, 3, fold=1),
    date(1, 2, 3),
    time(1, 2, fold=1),
    time(1, tzinfo=ZONES[2]),
    timedelta(1, 2, 3),
    timezone.utc,
    timezone(timedelta(1 / 2), 'n'),
    ZONES[3],
    date(1, 2, 3).isocalendar(),
    datetime.max.replace(tzinfo=timezone.max),
]:
    for protocol in range(6):
        data = pickle.dumps(value, protocol)
        back = pickle.loads(data)
        print(
            protocol,
            len(data),
            repr(back),
            type(back).__name__,
            getattr(back, 'fold', ''),
            getattr(back, 'extra', ''),
        )
    print(copy.copy(value) == value or repr(value), copy.deepcopy(value) == value or repr(value))
    print(value.__reduce__(), attempt(lambda: value.__reduce_ex__(4))[:300])
for cls, state in (
    (date, b'\x07\xe4\x01\x02'),
    (date, b'\x07\xe4\x0d\x02'),
    (datetime, b'\x07\xe4\x81\x02' + bytes(6)),
    (time, b'\x97' + bytes(5)),
    (time, b'\x98' + bytes(5)),
    (date, '\x07\xe4\x01\x02'),
    (datetime, '\x07\u0444\x01\x02' + '\0' * 6),
):
    print(
        cls.__name__,
        attempt(cls, state),
        attempt(cls, state, None),
        attempt(cls, state, timezone.utc),
        attempt(cls, state, 1),
    )
