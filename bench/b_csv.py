import csv, io


def main():
    rows = [
        [
            str(i),
            "name %d" % i,
            'says "%d", twice' % i,
            "",
            "%.3f" % (i / 7),
            "line\nbreak" if i % 10 == 0 else "x" * (i % 30),
        ]
        for i in range(5000)
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows(rows)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == rows
    out = io.StringIO()
    writer = csv.DictWriter(out, "abcdef", delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for row in rows[:1000]:
        writer.writerow(dict(zip("abcdef", row)))
    out.seek(0)
    assert [list(r.values()) for r in csv.DictReader(out, delimiter=";")] == rows[:1000]
