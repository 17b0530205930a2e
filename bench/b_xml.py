import io
import xml.etree.ElementTree as ET


def main():
    root = ET.Element("catalog")
    for i in range(1500):
        book = ET.SubElement(root, "book", id="b%d" % i, lang="en" if i % 3 else "de")
        ET.SubElement(book, "title").text = "Title <%d> & more" % i
        ET.SubElement(book, "price").text = str(i / 4)
        book.tail = "\n"
    text = ET.tostring(root, encoding="unicode")
    again = ET.fromstring(text)
    assert (
        ET.tostring(again, encoding="unicode") == text
        and len(ET.parse(io.StringIO(text)).getroot()) == 1500
    )
    assert (
        len(again.findall("book[@lang='de']/title")) == 500
        and again.find(".//book[price='10.0']").get("id") == "b40"
        and sum(1 for _ in again.iter("price")) == 1500
    )
    assert sum(float(b.findtext("price")) for b in again) == sum(i / 4 for i in range(1500))
    assert (
        sum(e.tag == "book" for _, e in ET.iterparse(io.BytesIO(text.encode()), ("end",))) == 1500
    )
