# SPDX-License-Identifier: MIT
"""itertools: arguments by place and by name, ends told by StopIteration, results that others hold."""
import itertools as it
L=[1,2,3]
class I:
    def __index__(self): return 2
def t(f):
    try: r=f(); print('ok', type(r).__name__, [str(x).partition(" object at")[0] for x in it.islice(r, 6)])
    except Exception as e: print(type(e).__name__, e)
E_={}
for name in 'accumulate count groupby compress combinations combinations_with_replacement permutations repeat pairwise cycle islice takewhile dropwhile filterfalse starmap chain zip_longest product tee'.split():
    f=getattr(it,name)
    for a,k in [((),{}),((1,),{}),((L,),{}),((L,L),{}),((L,2),{}),((L,None),{}),((L,L,L),{}),((L,L,L,L),{}),((),{'x':1}),((L,),{'x':1}),((L,),{'func':max}),((L,),{'func':None}),((L,max),{'initial':5}),((L,),{'initial':None}),((L,),{'initial':0,'zz':2}),((L,max),{'func':min}),((),{'iterable':L}),((),{'iterable':L,'func':max}),((L,),{'iterable':L}),((1,),{'step':2}),((),{'start':3,'step':0.5}),(('a',),{}),((1,2,3),{}),((L,),{'key':lambda x:x>1}),((),{'iterable':L,'key':None}),((L,),{'selectors':[1,0,1]}),((),{'data':L,'selectors':L}),((L,),{'r':2}),((),{'iterable':L,'r':2}),((L,'x'),{}),((L,2.0),{}),((L,-1),{}),((L,10**30),{}),((L,I()),{}),((L,),{'r':I()}),((L,True),{}),((L,),{'times':2}),((),{'object':L,'times':-1}),((L,-3),{}),((),{'r':2}),((),E_),((L,),{**E_}),((1,),{'key':2,'r':3,'func':1})]:
        print(name,len(a),sorted(k),end=' ')
        t(lambda: f(*a,**k))
class Bad:
    def __eq__(s,o): return False
    def __hash__(s): return 1
def gen(): 
    yield 1
    raise ValueError('x')
def gen2():
    yield 1
    yield 2
class StopIt:
    def __init__(s,n,exc=StopIteration): s.n=n; s.exc=exc
    def __iter__(s): return s
    def __next__(s):
        s.n-=1
        if s.n<0: raise s.exc('end')
        return s.n
for mk in (lambda: it.zip_longest(StopIt(2),StopIt(4)), lambda: it.zip_longest(gen(),gen2()), lambda: it.zip_longest(StopIt(2,KeyError),[1,2,3,4]), lambda: it.cycle(StopIt(2)), lambda: it.cycle(gen()), lambda: it.cycle([]), lambda: it.pairwise(StopIt(3)), lambda: it.pairwise(gen()), lambda: it.product('ab',[1,2]), lambda: it.product('ab',repeat=3), lambda: it.permutations(L), lambda: it.groupby([1,1,2]), lambda: it.zip_longest('abc','de','f',fillvalue='-'),lambda: it.accumulate([1,2,3],lambda a,b:a*10+b),lambda: it.accumulate([1,2],lambda a:a),lambda: it.accumulate([1,2],initial=100),lambda: it.accumulate('abc'),lambda: it.accumulate([]),lambda: it.accumulate([],initial=3)):
    o=[]
    try:
        for x in it.islice(mk(),12):
            o.append(x)
    except Exception as e: o.append((type(e).__name__,str(e)))
    print(len(o), [y if not isinstance(y,tuple) else tuple(str(z)[:20] for z in y) for y in o])
keep=[]
for pair in it.product('ab',repeat=2): keep.append(pair); last=pair
print(keep)
p=it.product('ab',repeat=2); a=next(p); ida=a; del a
import sys
x=next(p); print(sys.getrefcount(x), ida, x)
class Sub(it.count):
    pass
print(Sub(3), Sub(start=2), next(Sub(7)))
class SubA(it.accumulate):
    def __new__(cls,*a,**k): return super().__new__(cls,*a,**k)
print(list(SubA([1,2,3],initial=1)), list(SubA([1,2,3],max)))
f=lambda a,b:(sys.getrefcount(a),sys.getrefcount(b)) and a
big=object(); c=object()
print(list(map(type,it.accumulate([big,c],lambda a,b: sys.getrefcount(b)))), list(it.accumulate([big,c],lambda a,b: sys.getrefcount(b)))[1])
class M:
    def m(self,*a): return len(a)
print(list(it.accumulate([1,2,3],M().m)), list(it.starmap(M().m,[(1,),(1,2)])))

class Mine(it.islice):
    def __init__(self, *args, key=None): self.key = key
class Plain(it.takewhile): pass
print(list(Mine(L, 2, key=5)), Mine(L, 2, key=5).key)
for make in (lambda: Plain(bool, L, key=1), lambda: Mine(L), lambda: Plain(bool), lambda: Plain(bool, L)):
    t(make)
for _ in range(20): # long enough for the calls to be specialised
    made = [it.islice(L, 1), it.islice(L, 1, 2), it.islice(L, 0, None, 2), it.count(5), it.count(step=3), it.cycle(L), it.pairwise(L), it.compress(L, selectors=L), it.groupby(L, key=bool), it.accumulate(L, initial=1), it.permutations(L, r=1), it.starmap(max, [(1, 2)]), it.dropwhile(bool, [1, 0, 1]), it.filterfalse(None, [0, 1])]
print([[str(x)[:3] for x in it.islice(r, 4)] for r in made])
for bad in 'it.islice(L, 1, stop=2)', 'it.cycle(iterable=L)', 'it.pairwise(L, x=1)', 'it.starmap(max, iterable=[])', 'it.count(1, stop=2)', 'it.count(1, start=2)', 'it.groupby(L, None, None)', 'it.islice()', 'it.takewhile(L)':
    code = compile(bad, '<bad>', 'eval')
    for _ in range(12):
        try: eval(code)
        except TypeError as e: message = str(e)
    print(bad, message)
