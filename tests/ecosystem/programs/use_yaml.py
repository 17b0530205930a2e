# SPDX-License-Identifier: MIT
"""PyYAML with its C loader and dumper."""
import yaml

doc = {
    "list": [1, 2.5, None, True, "text é"], "nested": {"a": {"b": [{"c": i} for i in range(200)]}},
    "date": __import__("datetime").date(2020, 2, 29), "multi": "one\ntwo\n"
}
t = yaml.dump(doc, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
print(len(t), t[:60])
for _ in range(8):
    back = yaml.load(t, Loader=yaml.CSafeLoader)
print(back == doc, [type(e).__name__ for e in yaml.parse("a: [1, 2]\n", Loader=yaml.CLoader)])
for bad in ("a: [1", "a: b: c", "\t x", "!!python/object:os.system x", "&a *b"):
    try:
        yaml.load(bad, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as e:
        print(type(e).__name__, str(e).replace("\n", " | ")[:120])


class P(yaml.YAMLObject):
    yaml_tag = "!p"
    yaml_loader = yaml.CSafeLoader

    def __init__(self, x):
        self.x = x


print(
    yaml.load("!p {x: 5}", Loader=yaml.CSafeLoader).x, yaml.dump({"p": (1, 2)},
                                                                 Dumper=yaml.CDumper),
    list(yaml.load_all("a\n---\nb", Loader=yaml.CLoader)))
