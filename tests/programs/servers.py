# SPDX-License-Identifier: MIT
"""Servers and clients of the standard library on the loopback interface."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from compare import Result, Table

t = Table(__doc__)
HTTP = r"""
import subprocess, sys, urllib.request, urllib.error, http.client, re, os, signal
p = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0", *sys.argv[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
line = p.stdout.readline()
port = int(re.search(r"port (\d+)", line)[1])
print(line.replace(str(port), "PORT").strip())
for path in "", "a.txt", "dir", "dir/", "gone", "dir/b.html", "%C3%A4", "../x", "a.txt/":
    try:
        with urllib.request.urlopen("http://127.0.0.1:%d/%s" % (port, path)) as r:
            print(path, r.status, r.headers.get_content_type(), r.headers["Content-Length"], r.geturl().replace(str(port), "PORT"), r.read())
    except urllib.error.HTTPError as e:
        print(path, e.code, e.reason, len(e.read()))
c = http.client.HTTPConnection("127.0.0.1", port)
for method in "HEAD", "POST", "BREW", "GET":
    c.request(method, "/a.txt", headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"} if method == "GET" else {})
    r = c.getresponse(); print(method, r.status, r.reason, len(r.read()))
p.send_signal(signal.SIGINT)
out, err = p.communicate(timeout=20)
print(p.returncode, repr(out))
print(re.sub(r"\[.*?\]", "[DATE]", err))
"""
FILES = {
    "a.txt": "content\n",
    "dir/b.html": "<p>b</p>",
    "dir/c": "",
    "\u00e4": "umlaut",
    "h.py": HTTP,
}
t.case("http.server", "h.py", files=FILES)
t.case("http.server -d", "h.py", "-d", "dir", files=FILES)
t.case("http.server HTTP/1.1", "h.py", "-p", "HTTP/1.1", files=FILES)
t.case("http.server -h", "-m", "http.server", "-h")
t.case(
    "socketserver",
    "-c",
    """
import socketserver, socket, threading
class H(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile: self.wfile.write(line.upper())
for kind in socketserver.TCPServer, socketserver.ThreadingTCPServer, socketserver.ForkingTCPServer:
    with kind(("127.0.0.1", 0), H) as s:
        threading.Thread(target=s.serve_forever, kwargs={"poll_interval": 0.01}).start()
        with socket.create_connection(s.server_address) as c:
            c.sendall(b"hello\\nworld\\n"); c.shutdown(socket.SHUT_WR)
            print(kind.__name__, c.makefile("rb").read())
        s.shutdown()
""",
)
t.case(
    "asyncio streams",
    "-c",
    """
import asyncio
async def serve(r, w):
    while line := await r.readline():
        w.write(line[::-1]); await w.drain()
    w.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async def client(n):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        w.write(b"abc%d\\n" % n); w.write_eof()
        data = await r.read(); w.close(); return data
    print(await asyncio.gather(*(client(i) for i in range(20))))
    server.close(); await server.wait_closed()
asyncio.run(main())
""",
)
t.case(
    "asyncio subprocess",
    "-c",
    """
import asyncio, sys
async def main():
    p = await asyncio.create_subprocess_exec(sys.executable, "-c", "import sys; print(sys.stdin.read().upper()); sys.exit(3)", stdin=-1, stdout=-1)
    print(await p.communicate(b"text"), p.returncode)
    p = await asyncio.create_subprocess_shell("echo a; exit 2", stdout=-1)
    print(await p.communicate(), p.returncode)
    try: await asyncio.wait_for(asyncio.sleep(100), 0.01)
    except asyncio.TimeoutError as e: print(repr(e))
asyncio.run(main())
""",
)
t.case(
    "asyncio interrupted",
    "-c",
    "import asyncio\nasync def main():\n  try:\n    print('ready', flush=True); await asyncio.sleep(100)\n  finally: print('cleaned')\nasyncio.run(main())",
    interrupt="ready",
    see=lambda r: (r.code, r.out, r.err.splitlines()[-1:]),
)
t.case(
    "xmlrpc",
    "-c",
    """
import threading, xmlrpc.server, xmlrpc.client
s = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False, allow_none=True)
s.register_function(pow); s.register_introspection_functions()
threading.Thread(target=s.serve_forever, daemon=True).start()
with xmlrpc.client.ServerProxy("http://127.0.0.1:%d" % s.server_address[1], allow_none=True) as c:
    print(c.pow(2, 10), c.system.listMethods())
    try: c.pow("a", 1)
    except xmlrpc.client.Fault as f: print(f.faultString)
""",
)
t.case(
    "multiprocessing",
    "f.py",
    files={
        "f.py": """
import multiprocessing as mp
def square(n): return n * n
def worker(q, r): r.put([x * 2 for x in iter(q.get, None)])
if __name__ == "__main__":
    for method in "fork", "spawn", "forkserver":
        ctx = mp.get_context(method)
        with ctx.Pool(3) as p: print(method, p.map(square, range(8)))
        q, r = ctx.Queue(), ctx.Queue()
        p = ctx.Process(target=worker, args=(q, r)); p.start()
        for i in range(5): q.put(i)
        q.put(None); print(r.get(), p.join(), p.exitcode)
"""
    },
    timeout=200,
)
t.case(
    "concurrent.futures",
    "f.py",
    files={
        "f.py": """
import concurrent.futures as cf
def f(n):
    if n == 3: raise ValueError(n)
    return n * n
if __name__ == "__main__":
    for kind in cf.ThreadPoolExecutor, cf.ProcessPoolExecutor:
        with kind(3) as ex:
            print(kind.__name__, list(ex.map(f, [1, 2, 4])), sorted(x.result() for x in cf.as_completed([ex.submit(f, i) for i in range(3)])))
            try: ex.submit(f, 3).result()
            except ValueError as e: print(repr(e))
"""
    },
    timeout=200,
)
t.case(
    "subprocess",
    "-c",
    """
import subprocess as s, sys
print(s.run([sys.executable, "-c", "import sys; print(sys.stdin.read()); sys.stderr.write('e'); sys.exit(5)"], input="in", capture_output=True, text=True).__repr__().replace(sys.executable, "P"))
print(s.check_output("echo $X; pwd | wc -l", shell=True, env={"X": "1"}), s.getstatusoutput("exit 3"))
try: s.run(["sleep", "10"], timeout=.1)
except s.TimeoutExpired as e: print(str(e)[:40])
try: s.run(["/no/such"])
except OSError as e: print(e)
try: s.run("exit 4", shell=True, check=True)
except s.CalledProcessError as e: print(e)
with s.Popen("kill -9 $$", shell=True) as p: print(p.wait())
a = s.Popen(["echo", "x y"], stdout=s.PIPE); b = s.Popen(["wc", "-w"], stdin=a.stdout, stdout=s.PIPE); print(b.communicate())
""",
)
t.finish()
