# needs: postgresql-15 postgresql-plpython3-15
"""PostgreSQL's PL/Python: functions, sets, triggers, prepared plans, cursors, errors, in a server started for it.

usage: plpython.py [FOLDER]   where the libpython3.11.so.1.0 is that the server shall use instead of the system's
"""
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

TOOLS = "/usr/lib/postgresql/15/bin"
SQL = r"""
CREATE EXTENSION plpython3u;
CREATE FUNCTION which() RETURNS boolean LANGUAGE plpython3u AS $$
import sys
return " [Vitro" in sys.version
$$;
SELECT which() = (%s) AS right_python;
CREATE FUNCTION add(a int, b int = 5) RETURNS int LANGUAGE plpython3u IMMUTABLE AS $$ return a + b $$;
SELECT add(1, 2), add(1), add(n, n) FROM generate_series(1, 3) n;
CREATE FUNCTION digest(t text) RETURNS text LANGUAGE plpython3u AS $$
import hashlib, json, re
return json.dumps({"sha": hashlib.sha256(t.encode()).hexdigest()[:12], "words": re.findall(r"\w+", t)})
$$;
SELECT digest(NULL);
SELECT digest('grüße an alle');
CREATE TYPE pair AS (name text, amount numeric);
CREATE FUNCTION pairs(n int) RETURNS SETOF pair LANGUAGE plpython3u AS $$
from decimal import Decimal
for i in range(n):
    yield {"name": "n%%d" %% i, "amount": Decimal(i) / 4}
yield ("tuple", None)
yield ["list", 5]
$$;
SELECT * FROM pairs(3);
CREATE FUNCTION arrays(a int[], b bytea, c float8, d bool, e timestamp) RETURNS text[] LANGUAGE plpython3u AS $$
return [repr(a), repr(b), repr(c), repr(d), repr(e), None]
$$;
SELECT arrays(ARRAY[[1, 2], [3, NULL]], '\xff00', 'NaN', true, '2020-02-29 12:00');
CREATE FUNCTION sums(VARIADIC a int[], OUT total bigint, OUT n int) LANGUAGE plpython3u AS $$
return sum(a), len(a)
$$;
SELECT * FROM sums(1, 2, 3);
CREATE TABLE accounts (id int PRIMARY KEY, name text, balance numeric, changed int DEFAULT 0);
CREATE FUNCTION check_account() RETURNS trigger LANGUAGE plpython3u AS $$
new, old = TD["new"], TD["old"]
if TD["event"] == "DELETE":
    plpy.notice("deleted", old["name"])
    return None
if new["balance"] < 0:
    plpy.error("balance of %%s below zero" %% new["name"], hint="pay in", sqlstate="22023")
new["changed"] += 1
new["name"] = new["name"].title()
return "MODIFY"
$$;
CREATE TRIGGER checks BEFORE INSERT OR UPDATE OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION check_account('x');
INSERT INTO accounts SELECT n, 'name ' || n, n * 10 FROM generate_series(1, 4) n;
UPDATE accounts SET balance = balance + 1 WHERE id < 3;
UPDATE accounts SET balance = -1 WHERE id = 4;
DELETE FROM accounts WHERE id = 3;
SELECT * FROM accounts ORDER BY id;
CREATE FUNCTION use_plan(from_balance int) RETURNS text LANGUAGE plpython3u AS $$
if "plan" not in SD:
    SD["plan"] = plpy.prepare("SELECT id, name FROM accounts WHERE balance >= $1 ORDER BY id", ["int"])
rows = SD["plan"].execute([from_balance], 10)
GD["calls"] = GD.get("calls", 0) + 1
return "%%s rows %%s columns %%s calls %%s" %% (rows.nrows(), [r["name"] for r in rows], rows.colnames(), GD["calls"])
$$;
SELECT use_plan(0), use_plan(20);
CREATE FUNCTION use_cursor() RETURNS int LANGUAGE plpython3u AS $$
total = 0
for row in plpy.cursor("SELECT n FROM generate_series(1, 1000) n"):
    total += row["n"]
c = plpy.cursor(plpy.prepare("SELECT $1::text AS t", ["text"]), ["x"])
plpy.info(c.fetch(5)[0]["t"])
c.close()
return total
$$;
SELECT use_cursor();
CREATE FUNCTION transfer(fails boolean) RETURNS text LANGUAGE plpython3u AS $$
try:
    with plpy.subtransaction():
        plpy.execute("UPDATE accounts SET balance = balance + 1000 WHERE id = 1")
        if fails:
            plpy.execute("INSERT INTO accounts VALUES (1, 'again', 1)")
except plpy.spiexceptions.UniqueViolation as e:
    return "undone: %%s %%s" %% (e.sqlstate, e)
return "done %%s" %% plpy.execute("SELECT balance FROM accounts WHERE id = 1")[0]["balance"]
$$;
SELECT transfer(true);
SELECT transfer(false);
CREATE FUNCTION broken(how text) RETURNS int LANGUAGE plpython3u AS $$
def inner(x):
    return {"zero": lambda: 1 / 0, "type": lambda: "not a number", "exit": lambda: exec("raise SystemExit(3)"),
            "sql": lambda: plpy.execute("SELECT nonsense"),
            "fatal": lambda: plpy.error("by hand", detail="more", hint="less"),
            "unicode": lambda: "\udc80"}[x]()
if how == "deep":
    try:
        def deeper(n): return deeper(n + 1)
        return deeper(0)
    except RecursionError as e:
        plpy.notice(e)
return inner(how)
$$;
SELECT broken('zero');
SELECT broken('type');
SELECT broken('sql');
SELECT broken('fatal');
SELECT broken('nothing');
SELECT broken('unicode');
SELECT broken('deep');
SELECT broken('exit');
CREATE FUNCTION syntax() RETURNS int LANGUAGE plpython3u AS $$ return ( $$;
DO LANGUAGE plpython3u $$
import sys, threading
out = []
threads = [threading.Thread(target=out.append, args=(i,)) for i in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
plpy.notice(sorted(out), sys.version_info[:2], __name__, plpy.quote_ident("a b"), plpy.quote_literal("it's"))
$$;
CREATE PROCEDURE commits() LANGUAGE plpython3u AS $$
for i in range(4):
    plpy.execute("INSERT INTO accounts VALUES (%%d, 'commit', 1)" %% (100 + i))
    plpy.commit() if i %% 2 == 0 else plpy.rollback()
$$;
CALL commits();
SELECT id, name, changed FROM accounts WHERE id >= 100 ORDER BY id;
"""


def as_user():
    """What to put before a command: a server refuses to run as root."""
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


def own(path):
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


def main(library):
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory(prefix="pl") as folder:
        own(folder)
        data, log, script = (os.path.join(folder, n) for n in ("data", "log", "test.sql"))
        with open(script, "w") as f:
            f.write(SQL % ("true" if library else "false"))
        os.chmod(script, 0o644)
        serve = dict(env)
        if library:  # a copy, since that user may not be able to read the original
            shutil.copy(os.path.join(library, "libpython3.11.so.1.0"), folder)
            os.chmod(os.path.join(folder, "libpython3.11.so.1.0"), 0o755)
            serve["LD_LIBRARY_PATH"] = folder

        def tool(name, *args, env=env, **options):
            return subprocess.run([*as_user(), os.path.join(TOOLS, name), *args], stdin=subprocess.DEVNULL, env=env,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, **options)

        p = tool("initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        if p.returncode:
            sys.exit("initdb: " + p.stdout)
        options = "-c listen_addresses='' -c unix_socket_directories=%s -c fsync=off" % folder
        # The output goes to a file: the server would keep a pipe open.
        with open(log + ".start", "w") as quiet:
            subprocess.run([*as_user(), os.path.join(TOOLS, "pg_ctl"), "-D", data, "-l", log, "-w",
                            "-o", options, "start"],
                           stdin=subprocess.DEVNULL, stdout=quiet, stderr=quiet, env=serve, cwd=folder, check=True)
        try:
            p = tool("psql", "-X", "-h", folder, "-U", "tester", "-d", "postgres", "-A",
                     "-f", script)
            print(p.stdout.replace(folder, "FOLDER"))
        finally:
            tool("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    return p.returncode


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [None])))
