# SPDX-License-Identifier: MIT
"""struct: the cache of formats, unpack_from with and without a buffer that is bytes, who is blamed first."""
import struct
class S(str):
    def __eq__(s,o): return str.__eq__(s,o)
    __hash__=str.__hash__
for f in ['<I',b'<I',S('<I'),'<I','2H','>q','10s','?']:
    try: print(f, struct.calcsize(f), struct.pack(f,*[1]*len(struct.unpack(f,bytes(struct.calcsize(f))))))
    except Exception as e: print(type(e).__name__,e)
for i in range(300):
    f='%dsI'%i
    assert struct.pack(f,b'x',i)==struct.Struct(f).pack(b'x',i)
    assert struct.unpack_from('<H',b'abcd',1)==(25442,)
    assert struct.unpack_from('%dB'%(i%5),bytes(range(10)),2)==tuple(range(2,2+i%5))
    if i%70==0: struct._clearcache()
b=bytes(range(20))
for a,k in [((),{}),(('<I',),{}),(('<I',b),{}),(('<I',b,1),{}),(('<I',b,-4),{}),(('<I',b,-3),{}),(('<I',b,-30),{}),(('<I',b,17),{}),(('<I',b,16),{}),(('<I',b,10**30),{}),(('<I',b,'x'),{}),(('<I','x'),{}),(('<I','x','y'),{}),(('<I',bytearray(b),4),{}),(('<I',b),{'offset':3}),(('<I',),{'buffer':b,'offset':2}),(('<I',b),{'off':3}),(('<I',b,1),{'offset':3}),(('<I',b,1,2),{}),((),{'format':'<I','buffer':b}),((1,b),{}),(('zz',b),{}),(('<I',memoryview(b)[2:],2),{}),(('<I',b,True),{})]:
    for f in (struct.unpack_from, lambda *a,**k: struct.Struct('<I').unpack_from(*a[1:],**k)):
        try: print(f(*a,**k))
        except Exception as e: print(type(e).__name__,e)
for a,k in [((),{}),(('I',),{}),((b'I',),{}),((3,),{}),((),{'format':'I'}),(('I','I'),{}),(('I',),{'format':'I'}),((),{'x':1}),(('\u1234',),{})]:
    try: print(struct.Struct(*a,**k).size)
    except Exception as e: print(type(e).__name__,e)
fmt=''.join(['<','I','H'])
import sys
r=sys.getrefcount(fmt); struct.calcsize(fmt); print(sys.getrefcount(fmt)-r); struct.calcsize(fmt); struct.calcsize(fmt); print(sys.getrefcount(fmt)-r); struct._clearcache(); print(sys.getrefcount(fmt)-r, struct.calcsize(fmt))
fmt='not in cache'; 
import gc
cache=[d for d in gc.get_referents(sys.modules['_struct']) if isinstance(d,dict) and '<IH' in d]
f2=''.join(['<','H']); print(struct.calcsize(f2))
for c in cache: c.clear()
del f2; f3=''.join(['<','Q']); print(struct.calcsize(f3), struct.calcsize('<H'))
