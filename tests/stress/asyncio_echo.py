# SPDX-License-Identifier: MIT
"""asyncio echo server: 1,000 connections at once, 100,000 requests, nothing lost or mixed up."""
import asyncio
import hashlib
import random
import sys
from common import check, done, equal, many_files, options, scaled


async def serve(reader, writer):
    """Answers a line NAME NUMBER LENGTH and LENGTH bytes with the same and the digest of the
    bytes."""
    try:
        while head := await reader.readline():
            size = int(head.split()[2])
            body = await reader.readexactly(size)
            writer.write(head + hashlib.md5(body).hexdigest().encode() + body)
            await writer.drain()
    finally:
        writer.close()


async def server():
    many_files()
    s = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=2048)
    print(s.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(
        None, sys.stdin.read
    )  # until the parent closes it


def payload(rng):
    return rng.randbytes(
        rng.choice((0, 1, 10, 100, 1000, 5000)) if rng.random() < 0.99 else 300_000
    )


async def client(port, name, requests, connected, go, pipelined):
    """One connection: sends `pipelined` requests at once, checks every answer."""
    rng = random.Random(name)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    connected.release()
    await go.wait()
    bodies = []
    for number in range(requests):
        body = payload(rng)
        writer.write(b"%d %d %d\n" % (name, number, len(body)) + body)
        bodies.append((number, body))
        if len(bodies) < pipelined and number < requests - 1:
            continue
        await writer.drain()
        for n, sent in bodies:
            equal(
                await reader.readline(),
                b"%d %d %d\n" % (name, n, len(sent)),
                "head of connection",
                name,
            )
            equal(
                await reader.readexactly(32),
                hashlib.md5(sent).hexdigest().encode(),
                "digest",
                name,
                n,
            )
            check(
                await reader.readexactly(len(sent)) == sent,
                "body of connection",
                name,
                "request",
                n,
            )
        bodies.clear()
    writer.write_eof()
    equal(await reader.read(), b"", "after the end of connection", name)
    writer.close()
    await writer.wait_closed()
    return requests


async def main(connections, requests):
    child = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "serve", stdin=-1, stdout=-1
    )
    port = int(await child.stdout.readline())
    connected, go = asyncio.Semaphore(0), asyncio.Event()
    tasks = [
        asyncio.create_task(client(port, i, requests, connected, go, 1 + i % 3))
        for i in range(connections)
    ]
    for _ in range(connections):
        await connected.acquire()
    go.set()  # all connections are open
    total = sum(await asyncio.gather(*tasks))
    equal(total, connections * requests, "requests")
    child.stdin.close()
    equal(await child.wait(), 0, "exit code of the server")
    return total


if sys.argv[1:] == ["serve"]:
    asyncio.run(server())
else:
    o = options(__doc__, connections=1000, requests=100)
    many_files()
    n = scaled(o, o.connections, 20)
    done("%d requests over %d connections" % (asyncio.run(main(n, o.requests)), n))
