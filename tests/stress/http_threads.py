# SPDX-License-Identifier: MIT
"""ThreadingHTTPServer: 1,000 connections (and threads) at once, 100,000 requests, nothing lost or
mixed up."""
import asyncio
import http.server
import subprocess
import sys
import threading
import urllib.parse
from common import check, done, equal, many_files, options, scaled


class Handler(http.server.BaseHTTPRequestHandler):
    """GET tells the path and how often this connection asked; POST gives the body back, upper
    case."""

    protocol_version = "HTTP/1.1"
    count = 0

    def setup(self):
        super().setup()
        self.wfile = open(self.connection.fileno(), "wb", buffering=65536, closefd=False)

    def answer(self, status, body):
        self.count += 1
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Thread", threading.current_thread().name)
        self.send_header("X-Count", str(self.count))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        self.answer(404 if "gone" in query else 200, ("you asked for " + self.path).encode())

    def do_POST(self):
        self.answer(200, self.rfile.read(int(self.headers["Content-Length"])).upper())

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 2048
    daemon_threads = False


def serve():
    many_files()
    threading.stack_size(256 * 1024)
    with Server(("127.0.0.1", 0), Handler) as s:
        print(s.server_address[1], flush=True)
        t = threading.Thread(target=s.serve_forever, kwargs={"poll_interval": 0.05})
        t.start()
        sys.stdin.read()
        s.shutdown()
        t.join()
    print("served", flush=True)


async def answer(reader):
    status = int((await reader.readline()).split()[1])
    headers = {}
    while line := (await reader.readline()).strip():
        key, _, value = line.decode().partition(": ")
        headers[key] = value
    return status, headers, await reader.readexactly(int(headers["Content-Length"]))


async def client(port, name, requests, ready, go):
    """One connection with GET and POST by turns; one thread of the server serves it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    status, headers, body = await answer(reader)
    equal((status, body), (200, b"you asked for /hello"), "first answer")
    thread = headers["X-Thread"]
    ready.release()
    await go.wait()
    for n in range(requests):
        if n % 3 == 1:
            sent = b"connection %d request %d " % (name, n) * (n % 50)
            writer.write(
                b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(sent) + sent
            )
            want = 200, sent.upper()
        else:
            path = "/%d/%d?n=%d%s" % (name, n, n, "&gone=1" if n % 7 == 0 else "")
            writer.write(("GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path).encode())
            want = 404 if n % 7 == 0 else 200, ("you asked for " + path).encode()
        status, headers, body = await answer(reader)
        equal((status, body), want, "connection", name, "request", n)
        equal(
            (headers["X-Thread"], headers["X-Count"]),
            (thread, str(n + 2)),
            "thread and count of connection",
            name,
        )
    writer.close()
    await writer.wait_closed()
    return thread


async def main(port, connections, requests):
    ready, go = asyncio.Semaphore(0), asyncio.Event()
    tasks = [asyncio.create_task(client(port, i, requests, ready, go)) for i in range(connections)]
    waiting = asyncio.gather(*tasks)
    for _ in range(connections):
        await ready.acquire()
    go.set()  # every connection has a thread
    threads = await waiting
    equal(len(set(threads)), connections, "threads of the server")
    return connections * requests


if sys.argv[1:] == ["serve"]:
    serve()
else:
    o = options(__doc__, connections=1000, requests=100)
    many_files()
    n = scaled(o, o.connections, 20)
    with subprocess.Popen([sys.executable, __file__, "serve"], stdin=-1, stdout=-1, text=True) as p:
        total = asyncio.run(main(int(p.stdout.readline()), n, o.requests))
        out, _ = p.communicate("")
    equal((p.returncode, out), (0, "served\n"), "end of the server")
    check(total == n * o.requests)
    done("%d requests over %d connections" % (total, n))
