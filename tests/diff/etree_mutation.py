# Elements that change while one of their methods runs: the keys' comparison, a child's copy and a
# finaliser replace what the method is working on.
import copy
import gc
import xml.etree.ElementTree as ET


class Key(str):
    def __eq__(self, other):
        e.attrib = {}
        gc.collect()
        return True
    __hash__ = str.__hash__


e = ET.Element("e", {"key": "value"})
print(e.get(Key("key")), e.attrib)

e = ET.Element("e", {"key": "value"})
print(e.set(Key("key"), "new"), e.attrib)

e = ET.Element("e", {Key("key"): "value"})
print(e.get("key", "none"), e.attrib)


class Loose(ET.Element):
    def __deepcopy__(self, memo):
        del top[:]
        return ET.Element("copied", {"a": "b"})


top = ET.Element("top")
middle = ET.SubElement(top, "middle", {"k": "v"})
middle.text = "text"
for i in range(3):
    middle.append(Loose("x%d" % i))
del middle
c = copy.deepcopy(top)
print(len(top), c.tag)
