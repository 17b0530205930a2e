# SPDX-License-Identifier: MIT
"""UTF-8 both ways over seeded text of every width, whole and damaged, at once and in pieces.

A checksum for each error handler, and the line ends of text files of every width.
"""
import codecs
import io
import random
import zlib

ALPHABETS = 'abc \n', 'ab\xe9\xff', 'a\u0100\u07ff', 'a\u0800\u6f22\uffff', 'a\u05d0\U0001f600\U0010ffff'
HANDLERS = 'strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass'
LENGTHS = 1, 2, 3, 7, 15, 16, 17, 33, 100


def damaged(data):
    """With one to three bytes replaced, left out or put in."""
    data = bytearray(data)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(data) + 1)
        data[at : at + random.randint(0, 1)] = bytes(random.choices(range(256), k=random.randint(0, 2)))
    return bytes(data)


def outcome(function, *args):
    try:
        return function(*args)
    except UnicodeError as error:
        return error.reason, error.start, error.end


def in_pieces(data, handler):
    decoder = codecs.getincrementaldecoder('utf-8')(handler)
    step = random.randint(1, 20)
    pieces = [decoder.decode(data[at : at + step]) for at in range(0, len(data), step)]
    return ''.join(pieces) + decoder.decode(b'', True), decoder.getstate()


def texts():
    for letters in ALPHABETS:
        for _ in range(150):
            mixed = letters + 'x' * random.choice([0, 5, 40])
            yield ''.join(random.choices(mixed, k=random.choice(LENGTHS)))


for handler in HANDLERS:
    random.seed(handler)
    total = 0
    for text in texts():
        data = text.encode()
        assert data.decode() == text
        for piece in data, damaged(data):
            total = zlib.crc32(ascii(outcome(piece.decode, 'utf-8', handler)).encode(), total)
            total = zlib.crc32(ascii(outcome(in_pieces, piece, handler)).encode(), total)
        broken = text[:3] + '\udc80\ud800' + text[3:]
        total = zlib.crc32(ascii(outcome(broken.encode, 'utf-8', handler)).encode(), total)
    print(handler, total)

for end in '\n', '\r', '\r\n', None:
    total = 0
    random.seed(11)
    for text in texts():
        ends = [end] if end else ['\n', '\r', '\r\n']
        data = ''.join(c if random.random() < 0.9 else random.choice(ends) for c in text).encode()
        for newline in None, '', '\n', '\r', '\r\n':
            file = io.TextIOWrapper(io.BytesIO(data), 'utf-8', newline=newline)
            file._CHUNK_SIZE = random.randint(1, 40)
            got = file.readlines(), file.newlines
            total = zlib.crc32(ascii(got).encode(), total)
    print(ascii(end), total)
