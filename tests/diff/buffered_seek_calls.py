# SPDX-License-Identifier: MIT
"""Which calls of a raw stream a buffered one makes when it is positioned."""
import io
log=[]
class R(io.RawIOBase):
    def __init__(s,data,ra=True): s.b=io.BytesIO(data); s.ra=ra; s.bad=False
    def readable(s): return True
    def writable(s): return True
    def seekable(s): log.append('seekable'); return True
    def readinto(s,b): log.append('readinto %d'%len(b)); return s.b.readinto(b)
    def write(s,b): log.append('write %r'%bytes(b)); return s.b.write(b)
    def readall(s):
        log.append('readall'); return s.b.read()
    def tell(s):
        log.append('tell')
        if s.bad: raise OSError('no tell')
        return s.b.tell()
    def seek(s,p,w=0): log.append('seek %d %d'%(p,w)); return s.b.seek(p,w)
    def truncate(s,p=None): log.append('truncate'); return s.b.truncate(p)
for cls in (io.BufferedReader, io.BufferedRandom):
    for ops in ['a s0','a s0 a s0','r3 s0 a s0','a t s0','r3 a s2 r2','a sc0','a sc-2 r1','a se0','a se-3 r2','r3 s1 r2 s9','a B s0','B a s0 r3','r3 B s4','s0 s0','s5 a s5 a','i4 s0 s4','l s0 l s3','a s0 t','r100 s0 r2','p s3 a']:
        log.clear(); raw=R(b'hello\nworld\nmore'); f=cls(raw,8); log.append('|')
        for op in ops.split():
            try:
                if op=='a': r=f.read()
                elif op=='B': raw.bad=not raw.bad; r=None
                elif op=='t': r=f.tell()
                elif op=='p': r=f.peek(2)[:2]
                elif op=='l': r=f.readline()
                elif op[0]=='i': r=f.readinto(bytearray(int(op[1:])))
                elif op[0]=='r': r=f.read(int(op[1:]))
                elif op[:2]=='sc': r=f.seek(int(op[2:]),1)
                elif op[:2]=='se': r=f.seek(int(op[2:]),2)
                else: r=f.seek(int(op[1:]))
            except Exception as e: r=(type(e).__name__,str(e))
            log.append('-> %r'%(r,))
        print(cls.__name__, ops, log)
f=io.TextIOWrapper(io.BufferedReader(R(b'hello\nworld\nmore'),8)); log.clear()
print(f.read(), f.seek(0), f.readline(), f.tell(), f.seek(2), f.read(), f.seek(0), log)
