# Elements, builders and parsers of _elementtree: results, messages, copies, pickles, events, walks of changing trees.
import _elementtree as C
import copy
import gc
import io
import pickle
import re
import sys
import weakref
import xml.etree.ElementTree as ET

E, T, P = C.Element, C.TreeBuilder, C.XMLParser


def show(*values):
    print(*(re.sub("0x[0-9a-f]+", "0x", v if isinstance(v, str) else repr(v)) for v in values))


def run(text):
    e = E("a", {"x": "1"})
    e.append(E("b"))
    e.append(E("c"))
    names = dict(globals(), e=e)
    try:
        try:
            result = eval(compile(text, "?", "eval"), names)
        except SyntaxError as error:
            if isinstance(error, ET.ParseError):
                raise
            exec(text, names)
            result = names.get("r")
        show(text, result)
    except Exception as error:
        show(text, type(error).__name__, str(error))


for line in r"""
e.__copy__().attrib is e.attrib
E('a').__copy__().attrib
e.__getstate__()
E('q').__getstate__()
e.__setstate__(1)
e.__setstate__({})
e.__setstate__({'tag':'t'}) or (e.tag,e.attrib,len(e))
e.__setstate__({'tag':'t','attrib':1}) or (e.tag,e.attrib,len(e))
e.__setstate__({'tag':'t','attrib':{},'_children':[]}) or (e.tag,e.attrib,len(e))
e.__setstate__({'tag':'t','_children':[1]})
e.__setstate__({'tag':'t','_children':1})
e.__setstate__({'tag':'t','_children':None}) or len(e)
e.__setstate__({'tag':'t','foo':1})
e.__setstate__({'tag':'t','text':['a','b']}) or e.text
e.__setstate__({'tag':'t','_children':(e,)})
E()
E('a',1)
E('a',None)
E('a',{},1)
E('a',attrib=1)
E('a',attrib={'x':'y'},z='w').attrib
E('a',{'x':'y'},attrib='w').attrib
E('a',{'x':'y'},x='w').attrib
E(tag='a')
E(1)
E(None)
ET.SubElement(1,2)
ET.SubElement(e)
ET.SubElement(e,'x',1)
ET.SubElement(e,'x',attrib=1)
ET.SubElement(e,'x',{'b':'c'},d='e').attrib
ET.SubElement(e,tag='x')
e.append()
e.append(1)
e.append(e,e)
e.extend(1)
e.extend([1])
e.extend(e,e)
e.extend('')
e.extend((E('q') for i in range(3))) or len(e)
e.find()
e.find(1)
e.find('b')
e.find(path='b')
e.find('zz')
e.find('./b')
e.find('{*}b')
e.find('{}b')
e.find('{http://x/y}b')
e.find('b',{})
e.find(b'b')
e.find(None)
e.findall('b'),e.findall('*'),e.findall('q')
e.findtext('b'),e.findtext('z'),e.findtext('z','d'),e.findtext('z',default=3)
e.findtext('./b'),e.findtext('./z'),e.findtext('./z',5)
e.findtext()
list(e.iterfind('b')),list(e.iterfind('*'))
e.iterfind()
e.get()
e.get('x'),e.get('y'),e.get('y',3),e.get(key='x',default=4)
e.get([])
E('a').get([])
e.set('a')
e.set('a',1) or e.attrib
e.set([],1)
e.items(),e.keys(),E('a').items(),E('a').keys()
list(e.iter()),list(e.iter('b')),list(e.iter('*')),list(e.iter(tag='c')),list(e.iter(b'*'))
e.iter(1,2)
list(e.itertext())
e.itertext(1)
e.insert(1)
e.insert('a',e)
e.insert(0,1)
e.insert(-100,E('z')) or e[0]
e.insert(100,E('z')) or e[-1]
e.insert(-1,E('z')) or [x.tag for x in e]
e.insert(1<<70,E('z'))
E('t').insert(0,E('z'))
e.makeelement('a')
e.makeelement('a',1)
e.makeelement('a',{'b':'c'}).attrib
e.remove(1)
e.remove(E('b'))
E('a').remove(E('b'))
e.remove(e[0]) or len(e)
e[5]
e[-3]
e['a']
e[1.0]
e[None]
e[0:1],e[::2],e[5:],E('a')[:],E('a')[0:3]
e[1<<70]
e[0]=1
e[5]=E('q')
e[-1]=E('q'); r=[x.tag for x in e]
e['a']=1
e[0:1]=1
e[0:1]=[1]
e[0:1]=[]; r=len(e)
e[::2]=[]
e[::2]=[E('x'),E('y')]
e[::-1]=[E('x'),E('y')]; r=[x.tag for x in e]
e[1:1]=[E('x'),E('y')]; r=[x.tag for x in e]
e[0:2]=[E(c) for c in 'qwert']; r=[x.tag for x in e]
e[0:0]=e; r=[x.tag for x in e]
e[5:1]=[E('q')]; r=[x.tag for x in e]
del e[0]; r=[x.tag for x in e]
del e[5]
del e[:]; r=len(e)
del e['a']
del e[::2]; r=[x.tag for x in e]
del e[::-1]; r=[x.tag for x in e]
f=E('f'); f[:]=[E(c) for c in 'abcdefghij']; del f[1:9:3]; r=[x.tag for x in f]
f=E('f'); f[:]=[E(c) for c in 'abcdefghij']; del f[9:1:-3]; r=[x.tag for x in f]
f=E('f'); f[:]=[E(c) for c in 'abcdefghij']; del f[1:5]; r=[x.tag for x in f]
f=E('f'); f[:]=[E(c) for c in 'abcdefghij']; f[2:6]=[E('z')]; r=[x.tag for x in f]
E('a')[0:0]=[]
del e.tag
del e.text
del e.tail
del e.attrib
e.attrib=1
e.attrib={1:2}; r=e.get(1)
e.foo=1
e.tag=5; r=repr(e)
repr(e)
bool(e),bool(E('a')),len(e)
e==e,e==E('a'),hash(e)!=0
E.__hash__
e.clear() or (e.attrib,e.text,e.tail,len(e))
e.clear(1)
copy.deepcopy(e).attrib
e.__deepcopy__(1)
e.__deepcopy__({})
d={}; r=(len(d), e.__deepcopy__(d), len(d))[2]
pickle.loads(pickle.dumps(e)).attrib
pickle.loads(pickle.dumps(e,0)).attrib
e.__reduce_ex__(2)[1:]
e.__sizeof__(),E('a').__sizeof__()
T(1,2)
T(foo=1)
T(element_factory=None)
T(None).close()
T().start('a')
T().start('a',None)
T().start('a',{})
T().start('a',{'x':1}).attrib
T().end('a')
T().data('x')
T().comment('x')
T().pi('x')
T().pi('x','y')
T(comment_factory=lambda x:('c',x)).comment('x')
T(pi_factory=lambda x,y:('c',x,y)).pi('x')
T(comment_factory=1).comment('x')
t=T(); t.start('a',{}); t.end('a'); t.start('b',{})
t=T(); t.start('a',{}); t.data('x'); t.start('b',{}); t.data('y'); t.data('z'); t.end('b'); t.data('t'); t.end('a'); r=ET.tostring(t.close())
t=T(insert_comments=True,insert_pis=True); t.start('a',{}); t.data('x'); t.comment('c'); t.data('y'); t.pi('p','q'); t.data('t'); t.end('a'); r=ET.tostring(t.close())
t=T(); t.start('a',{}); t.data(1); r=t.end('a').text
t=T(lambda *a:a); t.start('a',{})
t=T(lambda *a:a); t.start('a',{}); t.start('b',{})
t=T(lambda *a:a); t.start('a',{}); t.data('b'); t.end('a')
t=T(lambda tag,a:E('f') if tag=='a' else 5); t.start('a',{}); t.start('b',{}); t.end('b'); t.end('a'); r=list(t.close())
C._set_factories(1,2)
C._set_factories(None,2)
C._set_factories(None)
o=C._set_factories(None,None); r=(o,C._set_factories(*o))
P(1)
P(encoding=1)
P(encoding='foo')
P(encoding='foo').feed('<a/>')
P(encoding='foo').feed(b'<a/>')
P(target=1)
P(foo=1)
P(html=1)
P().feed(1)
P().feed()
P().feed('<a')
P().close()
p=P(); p.feed('<a/>'); r=p.close()
p=P(); p.feed('<a/>'); p.feed('<a/>')
p=P(); p.feed('<a>&foo;</a>')
p=P(); p.entity['foo']='bar'; p.feed('<!DOCTYPE a SYSTEM "x"><a>&foo;</a>'); r=p.close().text
p=P(); p.feed('<!DOCTYPE a SYSTEM "x"><a>&foo;</a>'); r=p.close().text
p=P(); p.feed('<!DOCTYPE a SYSTEM "x"><a>&%s;</a>' % ('f'*200)); r=p.close().text
P().entity,P().version,type(P().target).__name__
P().target=1
P()._parse_whole(1)
P()._parse_whole(__import__('io').StringIO('<a>\u1234</a>')).text
P()._parse_whole(__import__('io').BytesIO(b'<a>x</a>')).text
P()._parse_whole(__import__('io').BytesIO(b''))
P()._setevents(1)
P()._setevents([],1)
P()._setevents([],[1])
P()._setevents([],['foo'])
P()._setevents([],['start\0'])
P(target=object())._setevents([])
q=[]; p=P(); p._setevents(q); p.feed('<a><b/></a>'); r=q
q=[]; p=P(); p._setevents(q,('start',b'end','start-ns','end-ns','comment','pi')); p.feed('<a xmlns="u" xmlns:q="v"><!--c--><?p i?><b/></a>'); r=q
P.__new__(P).feed('x')
P.__new__(P).close()
P.__new__(P)._setevents([])
P.__new__(P)._parse_whole(1)
P.__new__(P).entity
P.__new__(P).target
T.__new__(T).close()
E.__new__(E)
E.__new__(E).tag
type(e.iter())
type(e.iter())()
C.Element is ET.Element
C.ParseError('x')
list(map(type,[C.Element,C.TreeBuilder,C.XMLParser]))
e[0].__class__
C.ParseError.__mro__
e.itertext().__next__()
E.tag, E.attrib, P.entity, P.version
import weakref; r=weakref.ref(e)() is e
""".strip().split(
    "\n"
):
    run(line)

# A document with everything: namespaces, entities, CDATA, comments, instructions, other encodings.
DOC = """<?xml version="1.0" encoding="%s"?>
<!DOCTYPE r [<!ENTITY e "entity &lt; text"><!ATTLIST b d CDATA "default">]>
<!-- before --><?pi before?>
<r xmlns="urn:r" xmlns:p="urn:p" p:a="1" b="&e;">text\nmore &amp; &e; <![CDATA[<cdata>]]>\u00e9
 <p:b/>tail<b c="1">x<i/>y<?pi in it?>z<!-- c -->w</b>t\u20ac</r><!-- after -->"""

for encoding in "utf-8", "utf-16", "iso-8859-15", "windows-1252":
    root = ET.fromstring((DOC % encoding).encode(encoding))
    print([(x.tag, x.attrib, x.text, x.tail) for x in root.iter()])
root = ET.fromstring(DOC % "ascii")
print(list(root.itertext()))
print(
    ET.tostring(copy.deepcopy(root), "unicode")
    == ET.tostring(pickle.loads(pickle.dumps(root)), "unicode")
)
builder = T(insert_comments=True, insert_pis=True)
print(ET.tostring(ET.fromstring(DOC % "ascii", P(target=builder)), "unicode"))

# The same document in pieces gives the same tree and events.
data = (DOC % "utf-8").encode()
for size in 1, 2, 7, 1000:
    queue = []
    parser = P(target=T())
    parser._setevents(queue, ["start", "end", "start-ns", "end-ns", "comment", "pi"])
    for i in range(0, len(data), size):
        parser.feed(data[i : i + size])
    tree = parser.close()
    show([(kind, x.text if isinstance(x, E) else x) for kind, x in queue])
    print(ET.tostring(tree) == ET.tostring(root))


class Target:
    def __getattr__(self, name):
        if name.startswith("__") or name == "close":
            raise AttributeError(name)
        return lambda *args: print("  ", name, args)


parser = P(target=Target())
parser.feed(DOC % "ascii")
print(parser.close())


class Sub(P):
    def doctype(self, name, pubid, system):
        print("never called")


import warnings

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    Sub().feed(DOC % "ascii")
    print([str(w.message) for w in seen])


class Fails:
    def __init__(self, name):
        setattr(self, name, self.fail)

    def fail(self, *args):
        print("   fail", args)
        raise KeyError(args[0])


for name in "start", "end", "data", "comment", "pi", "doctype", "start_ns", "end_ns":
    try:
        P(target=Fails(name)).feed(DOC % "ascii")
    except KeyError as error:
        print(name, error)

for bad in (
    "<a>",
    "<a><b></a>",
    "<a",
    "<a/><b/>",
    "",
    "<a>&x;</a>",
    "<a b='1' b='2'/>",
    "<a>\x01</a>",
    "<p:a/>",
    b"<a>\xff</a>",
):
    try:
        ET.fromstring(bad)
    except ET.ParseError as error:
        print(bad, error, error.code, error.position)

# Trees that change while they are walked; memory.
root = ET.fromstring("<a><b/><c/><d/></a>")
seen = []
for x in root.iter():
    seen.append(x.tag)
    if x.tag == "b":
        root.remove(root[1])
        root.append(E("e"))
print(seen)
cycle = E("x")
cycle.append(E("y"))
cycle[0].append(cycle)
gone = weakref.ref(cycle)
del cycle, x, root
gc.collect()
print(gone())
deep = last = E("deep")
for i in range(100000):
    last = C.SubElement(last, "x")
print(sum(1 for x in deep.iter()))
del deep, last
child = E("child")
before = sys.getrefcount(child)
parent = E("p")
parent[:] = [child] * 7
del parent[1:6:2]
copied = copy.copy(parent)
print(sys.getrefcount(child) - before, len(copied))
del parent, copied
print(sys.getrefcount(child) - before)
print(
    [
        E("x", a="b").__sizeof__(),
        ET.fromstring("<a><b/><b/><b/><b/><b/></a>").__sizeof__(),
        T().__sizeof__(),
        P().__sizeof__(),
    ]
)
for o in (E, T, P):
    print(
        o.__name__,
        o.__module__,
        o.__flags__ & ~(1 << 18),
        [(k, getattr(v, "__text_signature__", None)) for k, v in sorted(vars(o).items())],
    )
