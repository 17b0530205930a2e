# XML that is damaged or hostile: entity bombs, external entities, odd encodings, seeded damage.
import io, random, zlib
import xml.etree.ElementTree as ET
import xml.dom.minidom, xml.sax
from xml.parsers import expat

rng = random.Random(21)
GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE root [<!ELEMENT root ANY> <!ENTITY one "1"> <!ATTLIST item kind (a|b) "a">]>
<root xmlns="urn:x" xmlns:p="urn:p"><!-- remark --><?do it?>
 <item kind="b" p:n='&lt;&#65;&#x42;'>text &one; &amp; more<![CDATA[<raw>]]></item><p:empty/><item>\xe9\u20ac\U0001f600</item>
</root>"""


def text_of(e):
    return ET.tostring(e, "unicode")


def parse(data):
    return text_of(ET.fromstring(data))


def parse_in_steps(data):
    p = ET.XMLPullParser(("start", "end", "comment", "pi", "start-ns", "end-ns"))
    for i in range(0, len(data), 11):
        p.feed(data[i : i + 11])
    p.close()
    return [
        (k, getattr(v, "tag", v) if not callable(getattr(v, "tag", None)) else v.text)
        for k, v in p.read_events()
    ]


def parse_plainly(data):
    got = []
    p = expat.ParserCreate(namespace_separator=" ")
    for name in (
        "StartElementHandler",
        "EndElementHandler",
        "CharacterDataHandler",
        "ProcessingInstructionHandler",
        "CommentHandler",
        "EntityDeclHandler",
        "StartNamespaceDeclHandler",
        "SkippedEntityHandler",
        "DefaultHandlerExpand",
        "ExternalEntityRefHandler",
    ):
        setattr(p, name, lambda *a, name=name: got.append((name, *a)) or 1)
    try:
        p.Parse(data, True)
    except expat.ExpatError as e:
        got.append((e.code, e.lineno, e.offset, p.ErrorCode, p.CurrentByteIndex))
    return got


def dom(data):
    return xml.dom.minidom.parseString(data).toxml()


class Recorder(xml.sax.ContentHandler):
    def __init__(self):
        self.got = []

    def startElement(self, name, attrs):
        self.got.append((name, dict(attrs)))

    def skippedEntity(self, name):
        self.got.append(("skipped", name))

    def characters(self, text):
        self.got.append(text)


def sax(data):
    h = Recorder()
    xml.sax.parseString(data, h)
    return h.got


def attempt(f, data):
    try:
        r = repr(f(data)).encode("utf-8", "replace")
        return "%d %08x" % (len(r), zlib.crc32(r))
    except ET.ParseError as e:
        return "ParseError: %s %s %s" % (ascii(str(e)), e.code, e.position)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, ascii(str(e))[:200])


def show(name, data):
    for f in (parse, parse_in_steps, parse_plainly, dom, sax):
        print(name, f.__name__, attempt(f, data))


laughs = (
    '<!DOCTYPE l [<!ENTITY l0 "lol">'
    + "".join('<!ENTITY l%d "%s">' % (i, "&l%d;" % (i - 1) * 10) for i in range(1, 10))
    + "]><l>&l9;</l>"
)
quadratic = '<!DOCTYPE l [<!ENTITY a "%s">]><l>%s</l>' % ("x" * 60000, "&a;" * 20000)
own = '<!DOCTYPE l [<!ENTITY a "&b;"><!ENTITY b "&a;">]><l>&a;</l>'
parameter = '<!DOCTYPE l [<!ENTITY % a "<!ENTITY b \'c\'>"> %a; ]><l>&b;</l>'
outside = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><l>&a;</l>'
for name, data in (
    ("laughs", laughs),
    ("quadratic", quadratic),
    ("recursive", own),
    ("parameter", parameter),
    ("external", outside),
    ("undefined", "<l>&nothing;</l>"),
    ("deep", "<a>" * 500 + "</a>" * 500),
    ("open", "<a>" * 50),
    ("attributes", "<a %s/>" % " ".join("x%d='%d'" % (i, i) for i in range(300))),
    ("twice", "<a x='1' x='2'/>"),
    ("prefix", "<p:a/>"),
    ("reserved", "<a xmlns:xml='u'/>"),
    ("two roots", "<a/><b/>"),
    ("empty", ""),
    ("blank", " \n"),
    ("control", "<a>\x01</a>"),
    ("number", "<a>&#0;</a>"),
    ("high", "<a>&#x110000;</a>"),
    ("surrogate", "<a>&#xd800;</a>"),
    ("cdata", "<a>]]></a>"),
    ("dashes", "<a><!-- -- --></a>"),
    ("late head", " <?xml version='1.0'?><a/>"),
    ("version", "<?xml version='2.0'?><a/>"),
    ("standalone", "<?xml version='1.0' standalone='maybe'?><a/>"),
):
    show(name, data)
for encoding in (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "ascii",
    "cp1252",
    "koi8-r",
    "utf-7",
    "no-such",
    "shift_jis",
    "cp037",
):
    for declared in (encoding, "utf-8", "iso-8859-1", "bogus"):
        try:
            data = ('<?xml version="1.0" encoding="%s"?><a b="\xe9">\xe4</a>' % declared).encode(
                encoding, "xmlcharrefreplace"
            )
        except LookupError:
            data = b'<?xml version="1.0" encoding="%s"?><a/>' % encoding.encode()
        for f in (parse, parse_plainly):
            print(encoding, declared, f.__name__, attempt(f, data))
good = GOOD.encode()
for i in range(250):
    b = bytearray(good)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(b))
        kind = rng.randrange(4)
        if kind == 0:
            del b[at : at + rng.randrange(1, 9)]
        elif kind == 1:
            b[at] = rng.choice(b"<>&;\"'/= \0\xff\xc3x!?[]-:%#")
        elif kind == 2:
            b[at:at] = rng.choice(
                (
                    b"<",
                    b">",
                    b"&",
                    b"&x;",
                    b"]]>",
                    b"<!--",
                    b"<?",
                    b"</item>",
                    b"\xe2\x82",
                    b"%p;",
                    b"<!DOCTYPE a>",
                )
            )
        else:
            b[at:at] = b[max(0, at - 20) : at]
    for f in (parse, parse_in_steps, parse_plainly):
        print(i, f.__name__, attempt(f, bytes(b)))
