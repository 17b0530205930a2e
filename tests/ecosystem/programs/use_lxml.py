# SPDX-License-Identifier: MIT
"""lxml: parsing, XPath, XSLT, own resolvers and extension functions, errors."""
from lxml import etree, html, objectify

root = etree.fromstring("<r>" + "".join("<a id='%d'><b>%d</b>tail</a>" % (i, i * i)
                                        for i in range(3000)) + "</r>")
print(len(root), root.xpath("sum(//b)"), root.xpath("//a[@id > 2995]/b/text()"),
      sum(len(e.text or "") for e in root.iter("b")))
ns = etree.FunctionNamespace("urn:t")
ns["twice"] = lambda ctx, v: [x.text * 2 for x in v][:2]
print(root.xpath("t:twice(//b[. > 100])", namespaces={"t": "urn:t"}))
xslt = etree.XSLT(
    etree.XML(
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
        '<xsl:template match="/"><o><xsl:value-of select="count(//a)"/></o></xsl:template>'
        '</xsl:stylesheet>'
    ))
print(str(xslt(root)).strip())
for bad in ("<a><b></a>", "", "<a>&x;</a>"):
    try:
        etree.fromstring(bad)
    except etree.XMLSyntaxError as e:
        print(e)
print(
    html.fromstring("<p>one<br>two <b>x</b>").text_content(),
    html.tostring(html.fromstring("<ul><li>1<li>2</ul>")))
o = objectify.fromstring("<p><n>5</n><s>text</s><n>7</n></p>")
print(o.n + 1, [int(x) for x in o.n], o.s.pyval)
for event, e in etree.iterparse(__import__("io").BytesIO(etree.tostring(root)),
                                events=("end", ),
                                tag="b"):
    e.clear()
print(etree.tostring(root[5]), root[0].getparent().tag, root.find("a").attrib)
