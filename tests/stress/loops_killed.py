# SPDX-License-Identifier: MIT
"""asyncio work that is cancelled, killed or cut off in mid-flight: the right exception, and nothing
is left behind."""
import asyncio
import gc
import os
import random
import signal
import sys
import threading
import weakref
from common import check, done, equal, open_files, options, raises, scaled


async def killed_processes(n):
    """Subprocesses that die of a signal while their output is read."""

    async def one(k):
        p = await asyncio.create_subprocess_exec(
            "sh", "-c", "echo begin; exec sleep 100", stdout=-1, stdin=-1
        )
        equal(await p.stdout.readline(), b"begin\n", "line")
        reader = asyncio.create_task(p.stdout.read())
        await asyncio.sleep(0)
        p.send_signal(
            (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[k % 3] if k % 3 < 2 else signal.SIGKILL
        )
        equal(await p.wait(), (-9, -15, -9)[k % 3], "exit code")
        equal(await reader, b"", "rest")

    await asyncio.gather(*(one(k) for k in range(n)))


async def cut_connections(n):
    """Connections reset by either side in the middle of a message."""
    errors = []

    async def serve(r, w):
        try:
            await r.readexactly(10)
            w.transport.abort()
        except (asyncio.IncompleteReadError, ConnectionResetError) as e:
            errors.append(type(e))
            w.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]

    async def one(k):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        w.write(b"x" * (10 if k % 2 else 5))
        if k % 2:
            try:
                equal(await r.read(), b"", "after abort")
            except ConnectionResetError:
                pass
        else:
            w.close()
        w.close()
        try:
            await w.wait_closed()
        except ConnectionError:
            pass

    await asyncio.gather(*(one(k) for k in range(n)))
    for _ in range(1000):
        if len(errors) == (n + 1) // 2:
            break
        await asyncio.sleep(0.01)
    equal(len(errors), (n + 1) // 2, "cut connections")
    server.close()
    await server.wait_closed()


async def cancelled(n):
    """Tasks cancelled at a random point; every finally runs, every lock is free, timeouts are
    TimeoutError."""
    lock, sem, q, ended, rng = (
        asyncio.Lock(),
        asyncio.Semaphore(3),
        asyncio.Queue(5),
        [],
        random.Random(1),
    )

    async def one(k):
        try:
            while True:
                async with lock:
                    await asyncio.sleep(0)
                async with sem:
                    await asyncio.sleep(0.0001)
                if k % 2:
                    await q.put(k)
                else:
                    await q.get()
                async with asyncio.timeout(None):
                    await asyncio.sleep(0)
        finally:
            ended.append(k)

    tasks = [asyncio.create_task(one(k)) for k in range(n)]
    for k in rng.sample(range(n), n):
        await asyncio.sleep(0)
        tasks[k].cancel()
        if k % 3 == 0:
            try:
                await tasks[k]
            except asyncio.CancelledError:
                pass
    got = await asyncio.gather(*tasks, return_exceptions=True)
    check(all(type(e) is asyncio.CancelledError for e in got), "ends")
    equal(sorted(ended), [k for k in range(n) if k in set(ended)], "finally")
    check(not lock.locked() and not sem.locked(), "locks")
    try:
        async with asyncio.timeout(0.001):
            await asyncio.Event().wait()
        raise AssertionError("no timeout")
    except TimeoutError:
        pass
    try:
        async with asyncio.TaskGroup() as g:
            for k in range(20):
                g.create_task(asyncio.sleep(100))
            g.create_task(asyncio.to_thread(int, "x"))
        raise AssertionError("no group")
    except* ValueError as e:
        equal(len(e.exceptions), 1, "group")


async def threads(n):
    """call_soon_threadsafe and run_coroutine_threadsafe from many threads: all arrive, in the order
    of each."""
    loop, seen = asyncio.get_running_loop(), []

    async def add(a, b):
        await asyncio.sleep(0)
        return a + b

    def body(k):
        for i in range(n):
            loop.call_soon_threadsafe(seen.append, (k, i))
        return sum(asyncio.run_coroutine_threadsafe(add(k, i), loop).result(60) for i in range(20))

    got = await asyncio.gather(*(asyncio.to_thread(body, k) for k in range(5)))
    equal(got, [20 * k + 190 for k in range(5)], "results")
    for k in range(5):
        equal([i for j, i in seen if j == k], list(range(n)), "order")


def signals():
    """add_signal_handler: handlers run in the loop; many signals do not overrun it."""

    async def main():
        loop, event, hits = asyncio.get_running_loop(), asyncio.Event(), []
        loop.add_signal_handler(signal.SIGUSR1, hits.append, 1)
        loop.add_signal_handler(signal.SIGUSR2, event.set)
        for _ in range(50):
            os.kill(os.getpid(), signal.SIGUSR1)
            await asyncio.sleep(0.001)
        os.kill(os.getpid(), signal.SIGUSR2)
        await asyncio.wait_for(event.wait(), 60)
        check(1 <= len(hits) <= 50, "hits", len(hits))
        loop.remove_signal_handler(signal.SIGUSR1)
        loop.remove_signal_handler(signal.SIGUSR2)

    asyncio.run(main())


def main(o):
    runs = scaled(o, 20)
    count = None
    for n in range(runs):
        for f, size in (
            (killed_processes, 10),
            (cut_connections, 50),
            (cancelled, 100),
            (threads, 200),
        ):
            asyncio.run(f(size))
        signals()
        gc.collect()
        left = [
            x
            for x in gc.get_objects()
            if isinstance(x, (asyncio.Task, asyncio.Transport)) or type(x).__name__ == "socket"
        ]
        equal(left, [], "objects left")
        if count is None:
            count = open_files()
        check(open_files() <= count, "open files grew from", count, "to", open_files())
    return runs


o = options(__doc__)
done("%d rounds" % main(o))
