# SPDX-License-Identifier: MIT
"""Incremental coders that TextIOWrapper asks a codec for: of every kind, with errors, missing, failing, odd."""
import codecs, io, sys
log = []
class Coder:
    def __init__(self, errors='strict'): log.append(('made', errors, type(errors).__name__)); self.errors = errors
    def encode(self, text, final=False): return text.upper().encode()
    def decode(self, data, final=False): return bytes(data).decode().lower()
    def reset(self): log.append('reset')
    def getstate(self): return (b'', 0)
    def setstate(self, state): log.append(('state', state))
def failing(errors): raise RuntimeError('no coder for ' + errors)
def search(name):
    info = lambda **k: codecs.CodecInfo(codecs.utf_8_encode, codecs.utf_8_decode, name=name, **k)
    return {'spd_full': info(incrementalencoder=Coder, incrementaldecoder=Coder), 'spd_none': info(), 'spd_fail': info(incrementalencoder=Coder, incrementaldecoder=failing), 'spd_tuple': tuple(info(incrementalencoder=Coder, incrementaldecoder=Coder)), 'spd_nodecoder': info(incrementalencoder=failing, incrementaldecoder=Coder)}.get(name)
codecs.register(search)
for encoding in 'spd_full', 'SPD-Full', 'spd_none', 'spd_fail', 'spd_tuple', 'spd_nodecoder', 'spd_unknown', 'rot13', 'utf-8', 'UTF8', 'utf-16', 'latin-1', 'ascii', 'cp1252', 'utf-8-sig', 'locale', 'x\0y':
    for errors in None, 'strict', 'replace', 'spd_nonsense', '':
        for newline in None, '', '\n', '\r\n':
            log.clear()
            raw = io.BytesIO(b'AB\r\nC\rD\nE')
            try:
                f = io.TextIOWrapper(raw, encoding, errors, newline)
                out = [f.encoding, f.errors, f.read(), f.newlines]
                f.write('x\ny'); f.flush(); out.append(raw.getvalue()[-8:])
            except Exception as e:
                out = [type(e).__name__, str(e)]
            print(encoding, errors, repr(newline), out, log)
    for get in codecs.getincrementaldecoder, codecs.getincrementalencoder:
        try: print(get(encoding)('ignore').errors)
        except Exception as e: print(type(e).__name__, e)
d = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder('utf-8')(), 1)
print(d.decode(b'a\r'), repr(d.decode(b'\nb\r\r', True)), d.newlines, d.getstate()); d.reset(); print(d.newlines)
for args in [(), (None,), (None, 1), (None, True, 'x'), (None, 'a'), (None, 1, 2, 3), (None, 2.0)]:
    try: print(io.IncrementalNewlineDecoder(*args).decode('\r\n') if args else io.IncrementalNewlineDecoder())
    except Exception as e: print(type(e).__name__, e)
