# SPDX-License-Identifier: MIT
"""fontTools, reportlab, Pillow's fonts, pygments, docutils, nltk, rdflib: documents and languages."""
import io
import math
import string

import docutils.core
import nltk
import pygments
import pygments.formatters
import pygments.lexers
import rdflib
from fontTools.fontBuilder import FontBuilder
from fontTools.misc import bezierTools
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.lib import styles
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table


def glyph(n):
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for i in range(1, n):
        pen.lineTo((int(500 * math.cos(i)), int(500 * math.sin(i))))
    pen.closePath()
    return pen.glyph()


names = [".notdef"] + list(string.ascii_letters)
b = FontBuilder(1000)
b.setupGlyphOrder(names)
b.setupCharacterMap({ord(n): n for n in names[1:]})
b.setupGlyf({n: glyph(3 + i % 9) for i, n in enumerate(names)})
b.setupHorizontalMetrics({n: (600, 0) for n in names})
b.setupHorizontalHeader(ascent=800, descent=-200)
b.setupNameTable({"familyName": "Glass", "styleName": "Regular"})
b.setupPost()
out = io.BytesIO()
b.font["head"].created = b.font["head"].modified = 3_000_000_000
b.font.recalcTimestamp = False
b.save(out)
f = TTFont(io.BytesIO(out.getvalue()))
print(len(out.getvalue()),
      f.getBestCmap()[97], f["glyf"]["q"].coordinates[:3], f["name"].getDebugName(1), f["maxp"].numGlyphs)
print(
    bezierTools.splitCubicAtT((0, 0), (25, 100), (75, 100), (100, 0), .25)[0],
    bezierTools.calcQuadraticArcLength((0, 0), (5, 9), (9, 0)))
pdf = io.BytesIO()
doc = SimpleDocTemplate(pdf, invariant=1, pageCompression=0)
style = styles.getSampleStyleSheet()["Normal"]
doc.build([Paragraph("text <b>%d</b> &amp; more " % i * 9, style)
           for i in range(40)] + [Table([["a", i] for i in range(60)])])
print(len(pdf.getvalue()),
      pdf.getvalue().count(b"/Type /Page"),
      canvas.Canvas(io.BytesIO()).stringWidth("width", "Helvetica", 12))
source = open(string.__file__).read()
html = pygments.highlight(source * 3, pygments.lexers.PythonLexer(),
                          pygments.formatters.HtmlFormatter(linenos="table"))
print(len(html), hash(html[:5]) is not None, pygments.lexers.guess_lexer("<?xml version='1.0'?>").name)
text = "Title\n=====\n\n* one *two* `link <http://x>`_\n* three\n\n.. note:: n\n\n+--+--+\n|a |b |\n+--+--+\n"
print(docutils.core.publish_parts(text, writer_name="html5")["body"])
print(nltk.edit_distance("rain", "shine"),
      nltk.stem.PorterStemmer().stem("generously"), list(nltk.bigrams("abc")),
      nltk.CFG.fromstring("S -> 'a' S | 'b'").productions(),
      nltk.FreqDist("banana").most_common(2))
print([str(t) for t in nltk.ChartParser(nltk.CFG.fromstring("S -> S S | 'a'")).parse(["a"] * 4)])
g = rdflib.Graph()
g.parse(data="@prefix : <http://x/> . :a :knows :b, :c ; :age 5 . :b :age 7 .", format="turtle")
print(sorted(map(str, g.query("SELECT ?n ?a WHERE { ?n <http://x/age> ?a FILTER(?a > 5) }"))), len(g),
      g.serialize(format="nt").count("\n"))
