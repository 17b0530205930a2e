# SPDX-License-Identifier: MIT
"""uvloop: tasks, timers, streams, processes, signals, threads in a loop of Cython and libuv."""
import asyncio
import os
import signal

import uvloop


async def child(n):
    total = 0
    for i in range(n):
        await asyncio.sleep(0)
        total += i
    return total


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


async def main():
    loop = asyncio.get_running_loop()
    print(type(loop).__name__, sum(await asyncio.gather(*(child(300) for _ in range(100)))))
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    got = []
    for i in range(2000):
        writer.write(b"line %d\n" % i)
        got.append(await reader.readline())
    writer.close()
    print(len(got), got[-1])
    server.close()
    await server.wait_closed()
    p = await asyncio.create_subprocess_exec("/bin/cat", stdin=-1, stdout=-1)
    print(await p.communicate(b"through cat"), p.returncode)
    order, done = [], loop.create_future()
    loop.call_later(0.02, order.append, "late")
    loop.call_soon(order.append, "soon")
    loop.call_later(0.04, done.set_result, order)
    print(await done, await loop.run_in_executor(None, len, "four"))
    seen = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, seen.set_result, "signal")
    os.kill(os.getpid(), signal.SIGUSR1)
    print(await seen)
    try:
        await asyncio.wait_for(asyncio.sleep(9), 0.01)
    except asyncio.TimeoutError as e:
        print(type(e).__name__)
    try:
        await asyncio.open_connection("127.0.0.1", 1)
    except OSError as e:
        print(type(e).__name__, e.errno)
    try:
        loop.call_soon_threadsafe(5)
    except TypeError as e:
        print(e)


uvloop.install()
asyncio.run(main())
