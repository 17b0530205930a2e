# SPDX-License-Identifier: MIT
"""Searching, counting, splitting and replacing in strings of every width, bytes and bytearray.

Seeded texts over small alphabets, so that there are many near misses; a checksum for each group.
"""
import random
import zlib

ALPHABETS = {
    'two': 'ab',
    'four': 'acgt',
    'latin': 'a\xe9\xff',
    'narrow of wide': 'a\u0100b',
    'wide': '\u0161\u0261\u0361',
    'astral': '\U0001f600a\U00010061',
}
LENGTHS = 5, 15, 17, 40, 100, 300, 1200
NEEDLES = 1, 2, 3, 4, 8, 20, 60


def some_text(letters):
    text = ''.join(random.choices(letters, k=random.randint(0, random.choice(LENGTHS))))
    return text[:3] * (len(text) // 3) if random.random() < 0.3 else text


def some_needle(text, letters):
    m = random.choice(NEEDLES)
    if random.random() < 0.5 and text:
        at = random.randrange(len(text))
        return text[at : at + m]
    return ''.join(random.choices(letters, k=m))


def answers(text, needle, start, end):
    yield text.find(needle), text.rfind(needle), text.count(needle), needle in text
    yield text.find(needle, start, end), text.rfind(needle, start, end)
    yield text.count(needle, start, end)
    longer = needle[::-1] + needle[:1]
    yield text.replace(needle, longer), text.replace(needle, longer, 2)
    if needle:
        yield text.split(needle), text.rsplit(needle, 3)
        yield text.partition(needle), text.rpartition(needle)
        yield text.replace(needle[:1], needle[-1:]), text.replace(needle[:1], needle[-1:], 3)


def checksum(letters, convert):
    random.seed(letters)
    total = 0
    for _ in range(1500):
        text = some_text(letters)
        needle = some_needle(text, letters)
        n = len(text)
        start, end = random.randint(-3, n + 3), random.randint(-3, n + 3)
        for answer in answers(convert(text), convert(needle), start, end):
            total = zlib.crc32(repr(answer).encode(), total)
    return total


for name, letters in ALPHABETS.items():
    print(name, checksum(letters, str))
    if max(letters) < '\u0100':
        print(name, 'bytes', checksum(letters, lambda s: s.encode('latin-1')))
        print(name, 'bytearray', checksum(letters, lambda s: bytearray(s, 'latin-1')))

# A needle that nearly fits everywhere: linear in both directions.
text = 'a' * 200_000
for needle in 'a' * 20_000 + 'b', 'b' + 'a' * 20_000, 'a' * 10_000 + 'b' + 'a' * 10_000:
    for convert in str, str.encode, lambda s: s.replace('a', '\u0100'):
        print(convert(text).find(convert(needle)), convert(text).rfind(convert(needle)))

# Line ends at every distance, among characters that are none.
random.seed(5)
for letters in 'ab\t\n', 'x\r\n', 'x\v\f\x1c\x1d\x1e\x1f\x85\n', 'x\u2028\u2029\n', 'x\x00\x7f\x86\n':
    total = 0
    for n in range(120):
        text = ''.join(random.choices(letters + 'x' * random.choice([0, 3, 30]), k=n))
        total = zlib.crc32(repr((text.splitlines(), text.splitlines(True))).encode(), total)
        data = text.encode()
        total = zlib.crc32(repr((data.splitlines(), data.splitlines(True))).encode(), total)
    print(ascii(letters), total)
