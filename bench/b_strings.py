def main():
    parts = []
    for i in range(40000):
        parts.append("item %d: %s" % (i, str(i).rjust(6, "0")))
    text = "\n".join(parts)
    assert len(text.split("\n")) == 40000 and text.count("item") == 40000 and text.find("39999") > 0
