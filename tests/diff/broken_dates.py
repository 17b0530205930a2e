# Dates, times and spans at and beyond their limits: errors and edge values of datetime, time and calendar arithmetic.
import itertools, time
from datetime import MAXYEAR, MINYEAR, date, datetime, time as clock, timedelta, timezone, tzinfo


def attempt(f, *args, **kwargs):
    try:
        return repr(f(*args, **kwargs))
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


class Odd(tzinfo):
    def __init__(self, answer):
        self.answer = answer

    def utcoffset(self, dt):
        return self.answer

    dst = tzname = utcoffset


huge = (
    0,
    -1,
    1,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**63,
    -(2**64),
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    "1",
    None,
    True,
)
for v in huge:
    print(
        v,
        attempt(date, v, 1, 1),
        attempt(date, 2000, v, 1),
        attempt(date, 2000, 2, v),
        attempt(date.fromordinal, v),
        attempt(date.fromisocalendar, 2000, v, 1),
        attempt(date.fromisocalendar, v, 1, 1),
    )
    print(
        " ",
        attempt(datetime, 2000, 1, 1, v),
        attempt(datetime, 2000, 1, 1, 1, 1, 1, v),
        attempt(clock, v),
        attempt(clock, 1, 1, 1, v),
        attempt(clock, 1, fold=v),
        attempt(datetime, 2000, 1, 1, tzinfo=v),
    )
    print(
        " ",
        *(
            attempt(timedelta, **{k: v})
            for k in (
                "days",
                "seconds",
                "microseconds",
                "milliseconds",
                "minutes",
                "hours",
                "weeks",
            )
        ),
    )
    print(
        " ",
        attempt(datetime.utcfromtimestamp, v),
        attempt(datetime.fromtimestamp, v, timezone.utc),
        attempt(timezone, v),
        attempt(timezone, timedelta(0), v),
    )
    print(
        " ",
        *(
            attempt(lambda: op(timedelta(1), v))
            for op in (
                timedelta.__mul__,
                timedelta.__truediv__,
                timedelta.__floordiv__,
                timedelta.__mod__,
                divmod,
            )
        ),
    )
for y, m, d in itertools.product(
    (0, 1, 1900, 2000, 2001, 9999, 10000), (0, 1, 2, 12, 13), (0, 1, 28, 29, 30, 31, 32)
):
    print(y, m, d, attempt(date, y, m, d))
edges = [
    date.min,
    date.max,
    datetime.min,
    datetime.max,
    datetime.min.replace(tzinfo=timezone.utc),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
]
spans = [
    timedelta.min,
    timedelta.max,
    timedelta.resolution,
    -timedelta.resolution,
    timedelta(1),
    timedelta(-1),
    timedelta(hours=24 * 3652058),
    timedelta(999999999),
]
for e in edges:
    print(
        e,
        *(
            attempt(op, e, s)
            for s in spans
            for op in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: b + a)
        ),
    )
    print(
        " ",
        *(
            attempt(getattr(e, n))
            for n in ("toordinal", "weekday", "isocalendar", "isoformat", "timetuple", "ctime")
        ),
        attempt(e.strftime, "%Y %j %U %G %V"),
        attempt(e.replace, 0),
        attempt(e.replace, 1, 2, 30),
    )
    if isinstance(e, datetime):
        print(
            " ",
            attempt(e.utctimetuple),
            attempt(e.astimezone, timezone(timedelta(hours=23))),
            attempt(e.astimezone, timezone(timedelta(hours=-23))),
        )
for a, b in itertools.product(spans, spans):
    print(
        *(
            attempt(op, a, b)
            for op in (
                timedelta.__add__,
                timedelta.__sub__,
                timedelta.__truediv__,
                timedelta.__floordiv__,
                timedelta.__mod__,
                timedelta.__lt__,
            )
        )
    )
for s in spans:
    print(
        attempt(lambda: -s),
        attempt(lambda: abs(s)),
        s.total_seconds(),
        str(s),
        attempt(lambda: s * 2),
        attempt(lambda: s * 0.5),
        attempt(lambda: s / 3),
        attempt(lambda: s / 1e-300),
        attempt(lambda: s * float("nan")),
    )
for answer in (
    None,
    timedelta(0),
    timedelta(1),
    timedelta(-1),
    timedelta(hours=23, minutes=59, seconds=59, microseconds=999999),
    timedelta(microseconds=1),
    5,
    "x",
    1.5,
):
    t = datetime(2000, 1, 1, tzinfo=Odd(answer))
    print(
        answer,
        *(
            attempt(f)
            for f in (
                t.utcoffset,
                t.dst,
                t.tzname,
                t.isoformat,
                lambda: t.strftime("%z %Z"),
                t.timestamp,
                lambda: t.astimezone(timezone.utc),
                lambda: hash(t) == hash(t),
                lambda: t == datetime(2000, 1, 1, tzinfo=timezone.utc),
                lambda: t - datetime(2000, 1, 1, tzinfo=timezone.utc),
                lambda: t < datetime(2000, 1, 1),
            )
        ),
    )
for text in ("%", "%%", "%Q", "%-d", "%E", "a\0b", "\ud800", "%z%", "%f" * 3, "%:z", "x" * 3000):
    print(
        ascii(text)[:20],
        attempt(datetime(2000, 1, 2, 3, 4, 5, 6).strftime, text)[:60],
        attempt(clock(1, 2).strftime, text)[:60],
    )
for state in (
    b"",
    b"\0" * 4,
    b"\x07\xd0\x01\x01",
    b"\x07\xd0\x0d\x01",
    b"\x07\xd0\x02\x1f",
    b"\xff" * 4,
    b"\x07\xd0\x01\x01" + b"\0" * 6,
    b"\x07\xd0\x81\x01" + b"\0" * 6,
    b"\x07\xd0\x01\x01\x18\0\0\0\0\0",
    b"\0" * 6,
    b"\x80" + b"\0" * 5,
    "\x07\xd0\x01\x01",
    "x" * 10,
):
    print(
        ascii(state),
        attempt(date, state),
        attempt(datetime, state),
        attempt(datetime, state, timezone.utc),
        attempt(datetime, state, 5),
        attempt(clock, state),
    )
for f in (time.gmtime, time.asctime, time.ctime, lambda v: time.strftime("%Y", v), time.mktime):
    print(
        *(
            attempt(f, v)
            for v in (
                0,
                -1,
                2**40,
                2**60,
                2**70,
                float("nan"),
                float("inf"),
                "x",
                None
                if f is not time.ctime and f is not time.asctime and f is not time.gmtime
                else 0,
                (),
                (1,) * 9,
                (2000, 13, 1, 0, 0, 0, 0, 1, 0),
                (2000, 1, 1, 25, 0, 0, 0, 1, 0),
                (2**40,) * 9,
            )
        )
    )
