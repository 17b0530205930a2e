# fromisoformat(), isoformat() and strftime() over many texts, well-formed and not.
import zlib
from datetime import date, datetime, time, timedelta, timezone, tzinfo

seed = 7


def pick(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n


def attempt(fn, *args, **kwargs):
    try:
        return repr(fn(*args, **kwargs))
    except Exception as exc:
        return f'{type(exc).__name__}: {exc}'


DATES = [
    '2020-02-29',
    '20200229',
    '2020W531',
    '2020-W53-7',
    '2020W01',
    '2020-W01',
    '2021-W53-1',
    '1981W011',
    '2020-13-01',
    '9999W527',
    '0000-01-01',
    '2020-0229',
    '202002-29',
    '2020-W1-1',
    '2020-060',
    '2020060',
]
TIMES = [
    '12',
    '12:30',
    '1230',
    '12:30:45',
    '123045',
    '12:30:45.5',
    '12:30:45,123456789',
    '123045.12',
    '24:00',
    '12:60',
    '12:3045',
    '1230:45',
    '12:30:45:1',
    '1',
    '12.5',
    '12:30.5',
    '12:30:45.',
    '125959.999999',
    'T12:30',
    '',
]
ZONES = [
    '',
    'Z',
    '+00:00',
    '-00:00',
    '+05:30',
    '-0530',
    '+05',
    '+05:30:15.000123',
    '-23:59:59.999999',
    '+24:00',
    '+1',
    'z',
    'ZZ',
    '+05:3',
    '-05:30Z',
    '+053015.5',
    '+00:00:00.000001',
]
SEPARATORS = ['T', ' ', '', '-', '1', '\xe9', '\u20ac', '\U0001f600', '\ud800', '\0', 'W', 'TT']
NOISE = '0123456789-:TWZ+., \0\xe9\ud800'

total = 0
count = 0
for d in DATES:
    for s in SEPARATORS:
        for t in TIMES:
            for z in ZONES if pick(4) == 0 else ZONES[:3]:
                text = d + s + t + z
                result = attempt(datetime.fromisoformat, text)
                total = zlib.crc32((ascii(text) + result).encode('utf-8', 'replace'), total)
                count += 1
                if pick(150) == 0:
                    print(ascii(text), result)
print(count, total)
for t in TIMES:
    for z in ZONES:
        for text in (t + z, 'T' + t + z):
            print(ascii(text), attempt(time.fromisoformat, text))
for d in DATES + [
    '',
    '2020',
    '2020-01',
    '2020-01-01 ',
    '2020010112',
    '2020-W01-',
    '\u0662020-01-01',
    '2020-01-0\ud800',
]:
    print(ascii(d), attempt(date.fromisoformat, d))

# Changed, cut and lengthened texts.
total = 0
for i in range(20000):
    text = list(
        DATES[pick(len(DATES))]
        + SEPARATORS[pick(4)]
        + TIMES[pick(len(TIMES))]
        + ZONES[pick(len(ZONES))]
    )
    for _ in range(pick(4)):
        where = pick(len(text) + 1)
        what = NOISE[pick(len(NOISE))]
        change = pick(3)
        text[where : where + (change > 0)] = what if change < 2 else ''
    text = ''.join(text)
    for cls in (datetime, date, time):
        total = zlib.crc32(attempt(cls.fromisoformat, text).encode('utf-8', 'replace'), total)
    if i % 1000 == 0:
        print(i, total)


class Zone(tzinfo):
    def __init__(self, offset, name, dst=None):
        self.values = offset, name, dst

    def utcoffset(self, dt):
        return self.values[0]

    def tzname(self, dt):
        return self.values[1]

    def dst(self, dt):
        return self.values[2]

    def __repr__(self):
        return 'Zone'


H = timedelta(hours=1)
zones = [
    None,
    timezone.utc,
    timezone(-H),
    timezone(timedelta(microseconds=-1)),
    timezone(timedelta(seconds=3661, microseconds=7)),
    Zone(H, '50%H%%'),
    Zone(None, None),
    Zone(24 * H, 'x'),
    Zone(1, 2, 3),
    Zone(-24 * H, '\u20ac', H),
    timezone(H, 'n'),
]
for zone in zones:
    for us in (0, 7, 999999):
        for sec in (0, 59):
            when = datetime(987, 6, 5, 4, 3, sec, us, zone, fold=us == 7)
            for value in (when, when.timetz()):
                print(attempt(str, value), attempt(repr, value))
                for spec in (
                    'auto',
                    'hours',
                    'minutes',
                    'seconds',
                    'milliseconds',
                    'microseconds',
                    'x',
                    '',
                ):
                    print(attempt(value.isoformat, timespec=spec), end=' ')
                print(attempt(value.strftime, '%z|%Z|%f|%H%%f%'))
                print(attempt(format, value, '%z \u20ac%f'), attempt(format, value, ''))
    print(
        attempt(lambda: when.utcoffset()),
        attempt(when.tzname),
        attempt(when.dst),
        attempt(hash, zone) and '',
    )
for fmt in (
    '',
    '%',
    '%%',
    '%%%',
    '%q',
    'a\0b%f',
    '\ud800',
    '\xe9%Y\u20ac%j\U0001f600%a%b%p',
    '%G-W%V-%u',
    '%c',
    '%s' * 0,
    '%C%y%e',
):
    print(
        ascii(fmt), attempt(date(2021, 1, 3).strftime, fmt), attempt(time(1, 2, 3, 4).strftime, fmt)
    )
for sep in ('\xe9', '\u20ac', '\0', ' '):
    print(ascii(datetime(1, 2, 3).isoformat(sep)))
for what in (
    datetime.max,
    datetime.min,
    date.max,
    date.min,
    date(2000, 2, 29),
    datetime(1999, 12, 31, 23, 59, 59),
):
    print(what.ctime(), what.isocalendar(), what.isoweekday(), what.toordinal(), what.timetuple())
for bad in (None, 1, b'2020-01-01', bytearray()):
    for cls in (datetime, date, time):
        print(attempt(cls.fromisoformat, bad))


class D(datetime):
    pass


class T(time):
    def __new__(cls, *args):
        print('T', args)
        return time.__new__(cls, *args)


print(
    repr(D.fromisoformat('2020-01-01T00:00Z')),
    repr(T.fromisoformat('10:20+01')),
    type(D.fromisoformat('2020W011')),
)
