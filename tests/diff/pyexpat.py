# The pyexpat module: every handler and attribute, buffering, interning, entities, errors.
import pyexpat
import sys
from pyexpat import ParserCreate

HANDLERS = sorted(n for n in dir(pyexpat.XMLParserType) if "Handler" in n)
print(HANDLERS)

DOC = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE doc PUBLIC "pub" "sys" [
<!NOTATION n SYSTEM "notation">
<!ENTITY internal "value">
<!ENTITY external SYSTEM "file">
<!ENTITY % parameter SYSTEM "dtd">
<!ENTITY unparsed SYSTEM "image" NDATA n>
<!ELEMENT doc (a?, (b | c)*, d+)>
<!ELEMENT mixed (#PCDATA | x | y)*>
<!ELEMENT any ANY>
<!ELEMENT none EMPTY>
<!ATTLIST doc x CDATA "default" y (one | two) #IMPLIED z ID #REQUIRED f CDATA #FIXED "fixed">
%parameter;
]>
<!-- comment \xe2\x82\xac -->
<?target data?>
<doc z="1" xmlns="urn:d" xmlns:p="urn:p"><p:a p:b="c">text &internal; &external; more
lines<![CDATA[ cdata ]]></p:a>&undefined;<none/></doc>
"""


def trace(parser, names=HANDLERS, seen=None):
    def handler(name):
        def call(*args):
            # The context of an entity lists namespaces in the order of their hashes.
            print("  ", name, [sorted(a.split("\f")) if isinstance(a, str) else a for a in args])
            if name == "ExternalEntityRefHandler":
                sub = parser.ExternalEntityParserCreate(args[0])
                print(
                    "   sub",
                    sub.buffer_text,
                    sub.ordered_attributes,
                    sub.specified_attributes,
                    sub.intern is parser.intern,
                )
                sub.Parse(
                    b"<e>in the entity</e>" if args[2] == "file" else b"<!ENTITY more 'x'>", True
                )
            return 1

        return call

    for name in names:
        if name != "DefaultHandlerExpand":
            setattr(parser, name, handler(name))


def run(parser, data=DOC, step=None):
    try:
        if step:
            for i in range(0, len(data), step):
                parser.Parse(data[i : i + step])
            print(parser.Parse(b"", True))
        else:
            print(parser.Parse(data, True))
    except pyexpat.error as e:
        print("error", e, e.code, e.lineno, e.offset, pyexpat.ErrorString(e.code), parser.ErrorCode)
    print(
        "at",
        parser.CurrentLineNumber,
        parser.CurrentColumnNumber,
        parser.CurrentByteIndex,
        parser.ErrorLineNumber,
        parser.ErrorColumnNumber,
        parser.ErrorByteIndex,
    )


for separator in None, " ", "":
    for flags in (
        dict(),
        dict(buffer_text=True, ordered_attributes=True),
        dict(specified_attributes=1, namespace_prefixes=1),
    ):
        parser = ParserCreate(namespace_separator=separator)
        for name, value in flags.items():
            setattr(parser, name, value)
            print(name, getattr(parser, name))
        print(parser.SetParamEntityParsing(pyexpat.XML_PARAM_ENTITY_PARSING_ALWAYS))
        print(parser.SetBase("base"), parser.GetBase())
        trace(parser)
        run(parser)
        print(sorted(map(str, parser.intern)))
parser = ParserCreate()
trace(parser, ["DefaultHandler", "StartElementHandler"])
run(parser, step=5)
parser = ParserCreate()
parser.DefaultHandlerExpand = lambda data: print("expand", repr(data))
parser.UseForeignDTD(True)
run(parser, b"<a>&lt;b&gt;</a>")

# Interning.
for intern in {}, None, {"a": "other"}:
    names = []
    parser = ParserCreate(intern=intern)
    parser.StartElementHandler = lambda name, attributes: names.append((name, *attributes))
    parser.Parse("<abc d='e'><abc d='f'/><a/></abc>", True)
    print(names, names[0][0] is names[1][0], names[0][1] is names[1][1], parser.intern is intern)

# Collected text.
texts = []
parser = ParserCreate()
parser.buffer_text = True
parser.buffer_size = 10
parser.CharacterDataHandler = texts.append
parser.Parse(b"<a>1234567\n89\n")
print(texts, parser.buffer_used, parser.buffer_size, parser.buffer_text)
parser.buffer_size = 20
print(texts, parser.buffer_used, parser.buffer_size)
parser.Parse(b"x\ny\n" + b"0123456789" * 5 + b"\nlast")
print(texts, parser.buffer_used)
parser.CharacterDataHandler = lambda data: texts.append(("second", data))
print(texts, parser.buffer_used)
parser.Parse(b"<b/>end")
parser.buffer_text = False
print(texts, parser.buffer_used, parser.buffer_text)

# Handlers that change handlers, and that fail.
calls = []
parser = ParserCreate()


def text(data):
    calls.append(data)
    parser.CharacterDataHandler = None


parser.CharacterDataHandler = text
parser.Parse(b"<a>one\ntwo<b/>three</a>", True)
print(calls, parser.CharacterDataHandler)
for name in HANDLERS:
    parser = ParserCreate(namespace_separator=" ")
    trace(parser, ["EndElementHandler"])

    def fail(*args):
        raise ZeroDivisionError(name)

    setattr(parser, name, fail)
    try:
        parser.Parse(DOC, True)
        print(name, "not called")
    except ZeroDivisionError as e:
        inner = e.__traceback__.tb_next
        print(
            name,
            inner.tb_frame.f_code.co_name,
            inner.tb_frame.f_code.co_filename.split("/")[-1],
            inner.tb_next.tb_next,
        )
        print([getattr(parser, n) for n in HANDLERS if getattr(parser, n) is not None])
    except pyexpat.error as e:
        print(name, e)
for value in 0, 1, "x", None, 2.5:
    parser = ParserCreate()
    parser.ExternalEntityRefHandler = lambda *args: value
    try:
        print(parser.Parse(b"<!DOCTYPE a [<!ENTITY e SYSTEM 'f'>]><a>&e;</a>", True))
    except Exception as e:
        print(type(e).__name__, e)


# Sources and encodings.
class File:
    def __init__(self, *parts):
        self.parts = list(parts)

    def read(self, n):
        return self.parts.pop(0) if self.parts else b""


for parts in [
    (b"<a>", b"x</a>"),
    (bytearray(b"<a/>"),),
    ("<a/>",),
    (b"x" * 2049,),
    (b"<a>",),
    (b"<a/>", None),
]:
    parser = ParserCreate()
    parser.CharacterDataHandler = print
    try:
        print(parser.ParseFile(File(*parts)))
    except Exception as e:
        print(type(e).__name__, e)
for encoding in "utf-16", "iso-8859-15", "koi8-r", "shift_jis", "nonsense":
    parser = ParserCreate()
    parser.CharacterDataHandler = print
    try:
        parser.Parse(
            ("<?xml version='1.0' encoding='%s'?><a>\u0416\u20ac\u00e9</a>" % encoding).encode(
                encoding, "replace"
            )
        )
    except Exception as e:
        print(encoding, type(e).__name__, e)
parser = ParserCreate("iso-8859-1")
parser.CharacterDataHandler = print
parser.Parse(b"<a>\xe9</a>")
parser = ParserCreate()
contexts = []
parser.StartElementHandler = lambda *args: contexts.append(parser.GetInputContext())
parser.Parse(b"<a><b/></a>", True)
print(contexts, parser.GetInputContext())
parser = ParserCreate()
big = []
parser.CharacterDataHandler = lambda data: big.append(len(data))
parser.Parse(b"<a>" + b"x" * (3 << 20) + b"</a>", True)
print(sum(big))
parser.StartElementHandler = big.append
count = sys.getrefcount(big)
del parser
print(count - sys.getrefcount(big))

# Content models as deep as documents may write them.
models = []
parser = ParserCreate()
parser.ElementDeclHandler = lambda name, model: models.append(model)
parser.Parse(b"<!DOCTYPE a [<!ELEMENT a " + b"(" * 50 + b"b" + b")?" * 50 + b">]><a/>", True)
print(models)

for text in """
ParserCreate(1)
ParserCreate('a\\0')
ParserCreate(None, 1)
ParserCreate(None, 'ab')
ParserCreate(intern=1)
ParserCreate(foo=1)
ParserCreate(1, 2, 3, 4)
ParserCreate(encoding='\\udc80')
pyexpat.ErrorString(1.0)
pyexpat.ErrorString(100)
pyexpat.ErrorString(5)
pyexpat.ErrorString(1 << 70)
p.Parse()
p.Parse(1)
p.Parse('a', 1, 2)
p.Parse(b'a', isfinal=1)
p.Parse('\\udc80')
p.ParseFile()
p.ParseFile(1)
p.SetBase(1)
p.SetBase('a\\0')
p.SetBase(None)
p.GetBase()
p.ExternalEntityParserCreate()
p.ExternalEntityParserCreate(1)
p.ExternalEntityParserCreate(None, None)
p.SetParamEntityParsing('a')
p.SetParamEntityParsing(1)
p.UseForeignDTD([])
p.UseForeignDTD(1, 2)
p.Parse(b'<a>') and p.UseForeignDTD()
setattr(p, 'foo', 1)
delattr(p, 'buffer_text')
delattr(p, 'buffer_size')
delattr(p, 'intern')
delattr(p, 'StartElementHandler')
delattr(p, 'ordered_attributes')
delattr(p, 'namespace_prefixes')
setattr(p, 'buffer_size', 'a')
setattr(p, 'buffer_size', 0)
setattr(p, 'buffer_size', -1)
setattr(p, 'buffer_size', 1 << 31)
setattr(p, 'buffer_size', 1 << 70)
setattr(p, 'buffer_used', 1)
setattr(p, 'intern', 1)
setattr(p, 'CurrentLineNumber', 1)
pyexpat.XMLParserType()
type('a', (pyexpat.XMLParserType,), {})
p.__reduce_ex__(2)
p.Parse(b'<a></b>')
p.Parse(b'<a/>', True) and p.Parse(b'<a/>', True)
pyexpat.error('a').code
""".strip().split(
    "\n"
):
    p = ParserCreate()
    try:
        print(text, eval(text))
    except Exception as e:
        print(text, type(e).__name__, e)
for module in pyexpat.model, pyexpat.errors:
    print(module.__name__, module.__name__ in sys.modules, list(vars(module).items())[5:])
print(
    sorted(n for n in dir(pyexpat) if n[0] != "_"),
    pyexpat.features,
    pyexpat.version_info,
    pyexpat.EXPAT_VERSION,
)
print(
    [
        (k, getattr(v, "__text_signature__", None), type(v).__name__)
        for k, v in sorted(vars(pyexpat.XMLParserType).items())
    ]
)
print(
    pyexpat.ParserCreate.__text_signature__,
    pyexpat.ErrorString.__text_signature__,
    pyexpat.native_encoding,
)
