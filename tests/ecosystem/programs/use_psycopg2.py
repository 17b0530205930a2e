# SPDX-License-Identifier: MIT
"""psycopg2 with a server of its own: types both ways, cursors, transactions, copying, notices, threads, errors."""
import datetime
import decimal
import io
import os
import pwd
import subprocess
import sys
import tempfile
import threading
import uuid

import psycopg2
import psycopg2.extensions
import psycopg2.extras
from psycopg2 import sql

TOOLS = "/usr/lib/postgresql/15/bin/"
USER = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"
        ] if os.getuid() == 0 else []
START = """
%s initdb -D data -A trust -U tester --no-sync -E UTF8 --locale=C.UTF-8 > log 2>&1 &&
%s pg_ctl -D data -l log2 -w -o "-c listen_addresses='' -c unix_socket_directories=$PWD -c fsync=off" start > log 2>&1
echo $? > started
""".replace("%s ", TOOLS)


def server(folder, script):
    """Runs it in a session of its own, whose processor time is not counted as ours."""
    subprocess.run(["setsid", "-f", *USER, "sh", "-c", script + "echo > done"],
                   stdin=subprocess.DEVNULL,
                   cwd=folder,
                   env={
                       "PATH": "/usr/bin:/bin",
                       "LC_ALL": "C.UTF-8"
                   },
                   check=True)
    while not os.path.exists(os.path.join(folder, "done")):
        threading.Event().wait(0.05)
    os.remove(os.path.join(folder, "done"))


class Point:

    def __init__(self, x, y):
        self.x, self.y = x, y


def work(dsn):
    c = psycopg2.connect(dsn)
    k = c.cursor()
    values = (1, 2**40, 2.5, None, True, "it's é \U0001f600 %", b"\0\xff", [1,
                                                                            [2]], decimal.Decimal("1.10"),
              datetime.date(2020, 2, 29), datetime.datetime(2020, 1, 2, 3, 4, 5, 6),
              datetime.timedelta(days=1, seconds=5), ["a", None], float("nan"))
    for v in values:
        try:
            k.execute("select %s, pg_typeof(%s)::text", (v, v))
            got = k.fetchone()
            print(
                repr(v)[:40], [bytes(x) if isinstance(x, memoryview) else x for x in got],
                k.description[0].type_code)
        except psycopg2.Error as e:
            print(type(e).__name__, e.pgcode, str(e).splitlines()[0])
            c.rollback()
    psycopg2.extensions.register_adapter(Point, lambda p: psycopg2.extensions.AsIs("'(%s,%s)'" %
                                                                                   (p.x, p.y)))
    psycopg2.extras.register_uuid()
    k.execute(
        "select %s::point, %s, array[1, 2]::bigint[], '{\"a\": [1]}'::jsonb, '[1,5)'::int4range, null::bytea, now() is not null",
        (Point(1, 2), uuid.UUID(int=5)))
    print(k.fetchone())
    k.execute("create temp table t (id serial primary key, name text unique, n numeric check (n >= 0))")
    psycopg2.extras.execute_values(k,
                                   "insert into t (name, n) values %s",
                                   [("n%d" % i, i) for i in range(3000)],
                                   page_size=500)
    k.copy_from(io.StringIO("copied\t5\n\\N\t6\n"), "t", columns=("name", "n"))
    out = io.StringIO()
    k.copy_expert("copy (select * from t where n < 2 order by id) to stdout with csv header", out)
    print(out.getvalue().splitlines(), k.rowcount)
    k.execute(
        sql.SQL("select {} from {} where {} > %(n)s order by 1").format(sql.Identifier("n"),
                                                                        sql.Identifier("t"),
                                                                        sql.Identifier("id")), {"n": 2990})
    print(k.fetchmany(3), k.rowcount, k.rownumber, len(k.fetchall()), k.query[:20],
          k.mogrify("%s %s", (1, "a'")))
    for bad in ("selec", "select 1/0", "insert into t (name, n) values ('n1', 1)",
                "insert into t (name, n) values ('x', -1)", "select nothing"):
        k.execute("savepoint s")
        try:
            k.execute(bad)
        except psycopg2.Error as e:
            print(
                type(e).__mro__[:3], e.pgcode, e.diag.message_primary, e.diag.constraint_name,
                e.cursor is k)
        k.execute("rollback to s")
    for bad in (lambda: k.execute("select %s", ()), lambda: k.execute("select %s", (object(), )),
                lambda: k.execute("select %(a)s", {}), lambda: k.execute("select %d", (1, )),
                lambda: k.execute(5), lambda: c.cursor("x").scroll(1), lambda: k.callproc("nothing")):
        try:
            bad()
        except Exception as e:
            print(type(e).__name__, str(e).splitlines()[0])
            c.rollback() if isinstance(e, psycopg2.Error) else None
    k.execute("create temp table t (id int, name text)")
    k.executemany("insert into t values (%s, %s)", [(i, "x" * i) for i in range(9)])
    with c.cursor("named", cursor_factory=psycopg2.extras.DictCursor) as d:
        d.itersize = 4
        d.execute("select id, name from t order by id")
        print([r["name"] for r in d][-1], d.name)
    with c.cursor(cursor_factory=psycopg2.extras.NamedTupleCursor) as d:
        d.execute("select id, name from t where id = 2")
        print(d.fetchone(), d.closed)
    k.execute("do $$ begin raise notice 'heard %', 5; end $$; listen news; notify news, 'hello'")
    c.commit()
    c.poll()
    print([n.strip() for n in c.notices], [(n.channel, n.payload) for n in c.notifies])
    try:
        with c, c.cursor() as d:
            d.execute("insert into t values (77, '')")
            raise KeyError
    except KeyError:
        k.execute("select count(*) from t where id = 77")
        print(k.fetchone(), c.status, c.autocommit, c.encoding, c.get_transaction_status())
    found = []

    def reader(n):
        with psycopg2.connect(dsn) as other, other.cursor() as d:
            for i in range(60):
                d.execute("select %s + generate_series(1, 20)", (n * i, ))
                found.append(sum(r[0] for r in d))

    threads = [threading.Thread(target=reader, args=(n, )) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(len(found), sum(found))
    upper = psycopg2.extensions.new_type((25, ), "UPPER", lambda v, cur: v and v.upper() + str(cur is k))
    psycopg2.extensions.register_type(upper, c)
    k.execute("select 'text'::text, lo_from_bytea(0, '\\x0102')")
    print(
        k.fetchone()[0],
        c.lobject(k.execute("select max(oid) from pg_largeobject_metadata") or k.fetchone()[0],
                  "rb").read())
    c.close()
    try:
        k.fetchone()
    except psycopg2.InterfaceError as e:
        print(e, c.closed)


if not os.path.exists(TOOLS):
    sys.exit(print("no server is installed"))
with tempfile.TemporaryDirectory(prefix="pg") as folder:
    if USER:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    server(folder, START)
    if open(os.path.join(folder, "started")).read() != "0\n":
        sys.exit(open(os.path.join(folder, "log")).read())
    try:
        work("host=%s user=tester dbname=postgres" % folder)
    finally:
        server(folder, TOOLS + "pg_ctl -D data -m fast -w stop > log 2>&1;")
