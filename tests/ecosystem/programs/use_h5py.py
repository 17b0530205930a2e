# SPDX-License-Identifier: MIT
"""h5py and PyTables: files of arrays, compound types, attributes, queries; both written in Cython."""
import os
import tempfile

import h5py
import numpy as np
import tables

folder = tempfile.mkdtemp()
path = os.path.join(folder, "a.h5")
with h5py.File(path, "w") as f:
    f["x"] = np.arange(1000.).reshape(10, 100)
    g = f.create_group("g/deep")
    d = g.create_dataset("z", (100, 100), "i4", chunks=(10, 10), compression="gzip", fillvalue=7)
    d[3:5, ::7] = 1
    d.attrs["unit"], d.attrs["list"] = "m", [1, 2, 3]
    f["s"] = np.array(["a", "bü"], dtype=h5py.string_dtype())
    f["c"] = np.array([(1, 2.5, b"x")], dtype=[("a", "i4"), ("b", "f8"), ("c", "S3")])
    f["link"] = h5py.SoftLink("/x")
    names = []
    f.visititems(lambda n, o: names.append((n, type(o).__name__)))
    print(sorted(names), f["x"][2, ::25], f["x"][f["x"][:, 0] > 800, 1], d[3, :9], dict(d.attrs))
    for i in range(300):
        f["x"][i % 10, i % 100] = i
with h5py.File(path) as f:
    print(f["s"].asstr()[:], f["c"][0]["b"], f["link"][9, 99], "g/deep/z" in f, list(f), f["x"][:].sum())
    for bad in (lambda: f["nothing"], lambda: f["x"][100], lambda: f.create_group("q"),
                lambda: f["x"]["a"]):
        try:
            print(bad())
        except Exception as e:
            print(type(e).__name__, str(e)[:60])


class Row(tables.IsDescription):
    name, n, v = tables.StringCol(8, pos=0), tables.Int32Col(pos=1), tables.Float64Col(shape=(2, ), pos=2)


with tables.open_file(os.path.join(folder, "t.h5"), "w") as f:
    t = f.create_table("/", "rows", Row)
    r = t.row
    for i in range(3000):
        r["name"], r["n"], r["v"] = "n%d" % (i % 7), i, (i, i / 2)
        r.append()
    t.flush()
    t.cols.n.create_index()
    print(len(t), [x["n"] for x in t.where("(n > 100) & (n < 110) & (name == b'n3')")], t[5],
          t.read(field="v")[-1])
    print(sum(x["n"] for x in t.iterrows(0, 3000, 3)),
          t.read_where("n % 1000 == 1")["n"], t.colnames, t.will_query_use_indexing("n > 5"))
    a = f.create_earray("/", "e", tables.Float64Atom(), (0, 3))
    for i in range(50):
        a.append(np.full((1, 3), i))
    v = f.create_vlarray("/", "v", tables.ObjectAtom())
    v.append({"a": [1, 2]})
    print(a.shape, a[7], v[0], [n._v_pathname for n in f.walk_nodes("/")])
    try:
        f.get_node("/none")
    except tables.NoSuchNodeError as e:
        print(e)
