import sqlite3


def main():
    db = sqlite3.connect(":memory:")
    db.execute("create table t (id integer primary key, name text, x real, raw blob)")
    with db:
        db.executemany(
            "insert into t values (?, ?, ?, ?)",
            ((i, "name %d" % i, i / 3, b"x" * (i % 20)) for i in range(8000)),
        )
    assert (
        sum(len(name) + len(raw) + (x > 5) for _, name, x, raw in db.execute("select * from t")) > 0
    )
    db.row_factory = sqlite3.Row
    assert all(r["id"] == r[0] for r in db.execute("select id, name from t").fetchall())
    db.create_function("twice", 1, lambda v: 2 * v)
    assert db.execute("select sum(twice(id)) from t").fetchone()[0] == 2 * sum(range(8000))
    assert all(
        db.execute("select name from t where id = ?", (i,)).fetchone()["name"] == "name %d" % i
        for i in range(0, 8000, 4)
    )
    db.close()
