# SPDX-License-Identifier: MIT
"""psutil and psycopg2's conversions (no server)."""
import os, psutil, psycopg2, psycopg2.extensions as ext, datetime, decimal

p = psutil.Process()
print(p.pid == os.getpid(),
      p.name() != "",
      p.ppid() == os.getppid(),
      p.memory_info().rss > 10**6,
      psutil.cpu_count() > 0,
      p.cwd() == os.getcwd(),
      len(p.open_files()) >= 0)
for _ in range(300):
    p.cpu_times()
    p.num_fds()
try:
    psutil.Process(2**22 + 5)
except psutil.NoSuchProcess as e:
    print(type(e).__name__)
print([
    ext.adapt(v).getquoted() for v in (1, 2.5, None, True, "it's é", b"\0x", [1, [2]],
                                       decimal.Decimal("1.1"), datetime.date(2020, 1, 2))
])
try:
    psycopg2.connect("host=/nowhere dbname=x")
except psycopg2.OperationalError as e:
    print(str(e).splitlines()[0][:50])
print(ext.parse_dsn("dbname=a user=b"), ext.make_dsn(dbname="x y", host="h"),
      ext.DECIMAL("1.50", None), ext.UNICODE(b"x".decode(), None))
