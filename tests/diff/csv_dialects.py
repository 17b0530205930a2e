# Many small texts and rows through many dialects: fields, lines and errors.
import csv
import io
import itertools
import zlib

OPTIONS = [
    {},
    dict(delimiter=' ', skipinitialspace=True),
    dict(doublequote=False, escapechar='\\'),
    dict(strict=True),
    dict(quoting=csv.QUOTE_NONE, escapechar='\\'),
    dict(quoting=csv.QUOTE_NONE),
    dict(quotechar="'", delimiter='\t'),
    dict(quoting=csv.QUOTE_NONNUMERIC),
    dict(quoting=csv.QUOTE_ALL, lineterminator='!\u20ac'),
    dict(doublequote=False),
    dict(escapechar='"'),
    dict(delimiter='"'),
    dict(quotechar=None),
    dict(delimiter='\U0001f600', quotechar='\xe9'),
    dict(strict=True, doublequote=False, escapechar='e'),
]
ALPHABET = [
    'a',
    '"',
    ',',
    '\\',
    '\n',
    '\r',
    ' ',
    "'",
    '1',
    '\xe9',
    '\u20ac',
    '\U0001f600',
    '\t',
    'e',
    '\0',
    '!',
]


def attempt(fn, *args):
    try:
        return fn(*args)
    except Exception as exc:
        return type(exc).__name__, str(exc)


seed = 1


def pick(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n


def lines():
    text = ''.join(ALPHABET[pick(len(ALPHABET))] for _ in range(pick(14)))
    return text.splitlines(True) if pick(2) else [text]


def read(text, options):
    rows, reader = [], csv.reader(text, **options)
    try:
        for row in reader:
            rows.append((reader.line_num, row))
    except Exception as exc:
        rows.append((type(exc).__name__, str(exc)))
    return rows


def write(row, options):
    out = io.StringIO()
    result = attempt(csv.writer(out, **options).writerow, row)
    return result, out.getvalue()


for number, options in enumerate(OPTIONS):
    sum = 0
    for i in range(400):
        text = lines()
        result = repr((text, read(text, options)))
        row = [
            [1, 2.5, None, 'x', ''][pick(5)] if pick(3) == 0 else ''.join(lines())
            for _ in range(pick(4))
        ]
        result += repr((row, write(row, options)))
        sum = zlib.crc32(result.encode(), sum)
        if i % 40 == 0:
            print(number, result)
    print(number, options, sum)

for size in (1, 2, 3):
    csv.field_size_limit(size)
    for text in ('a', 'aaaa', '"aa"', '"a""a"', 'a,a', '"aa\naa"', 'a\\', '"a\\', '"'):
        print(size, text.encode(), read(text.splitlines(True), dict(escapechar='\\')))
print(csv.field_size_limit(131072))
for bad in ('1', 1.0, None, 2**100, True):
    print(attempt(csv.field_size_limit, bad))
for rows in ([b'bytes'], [1], [None], 5, [['a']]):
    print(attempt(lambda: list(csv.reader(rows))))
for row in (5, None, [], [''], [None], ['', ''], 'text', iter('ab'), {'k': 1}):
    print(
        write(row, {}),
        write(row, dict(quoting=csv.QUOTE_NONE)),
        write(row, dict(quoting=csv.QUOTE_ALL)),
    )

out = io.StringIO()
writer = csv.writer(out, 'unix')
print(
    writer.writerows([['a', 1], ('b', 2)]),
    attempt(writer.writerows, 5),
    attempt(writer.writerows, [[1], 2, [3]]),
)
print(repr(out.getvalue()), writer.dialect.quoting, repr(writer.dialect.lineterminator))
for name in (
    'delimiter',
    'doublequote',
    'escapechar',
    'lineterminator',
    'quotechar',
    'quoting',
    'skipinitialspace',
    'strict',
):
    for value in ('', 'ab', None, 1, 1.5, b'a', -1, 4, True, '\n', '\0'):
        dialect = attempt(lambda: csv.reader([], **{name: value}).dialect)
        print(
            name, repr(value), dialect if type(dialect) is tuple else repr(getattr(dialect, name))
        )
    print(
        attempt(setattr, csv.reader([]).dialect, name, 1),
        attempt(delattr, csv.reader([]).dialect, name),
    )
for call in (
    (),
    (1,),
    ('name', 'no such'),
    ('name', 'excel', 3),
    ('name', None),
    ('name', object()),
):
    print(attempt(csv.register_dialect, *call))
print(csv.list_dialects())


class Plain:
    delimiter = ';'
    quotechar = None
    lineterminator = '|'


csv.register_dialect('plain', Plain, strict=1)
plain = csv.get_dialect('plain')
print(
    plain.delimiter,
    plain.quoting,
    plain.strict,
    csv.reader([], plain).dialect is plain,
    csv.reader([], 'plain').dialect is plain,
    csv.reader([], plain, strict=0).dialect is plain,
)
csv.unregister_dialect('plain')
print(attempt(csv.get_dialect, 'plain'), attempt(csv.unregister_dialect, 'plain'))
print(attempt(plain.__reduce__), attempt(plain.__reduce_ex__, 2))
print([cls.__name__ for cls in (csv.Dialect, type(plain), type(writer), type(csv.reader([])))])
