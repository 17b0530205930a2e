# Programs of asyncio: order of callbacks, cancellation, groups, streams, subprocesses; the C and the Python classes.
import asyncio, contextvars, gc, re, signal, socket, sys, threading, warnings

log = []


async def step(name, n=2):
    try:
        for i in range(n):
            log.append((name, i))
            await asyncio.sleep(0)
        return name
    except asyncio.CancelledError as error:
        log.append((name, "cancelled", error.args))
        raise
    finally:
        log.append((name, "end"))


async def orders():
    loop = asyncio.get_running_loop()
    loop.call_soon(log.append, "soon")
    loop.call_later(0, log.append, "later")
    tasks = [asyncio.create_task(step(name), name=name) for name in "abc"]
    print(await asyncio.gather(*tasks, step("d", 1)))
    print(log)
    print(
        type(tasks[0]).__module__, [t.get_name() for t in tasks], tasks[0].done(), tasks[0].result()
    )
    print(re.sub(r"0x\w+|/\S+/", "…", repr(tasks[0])))


asyncio.run(orders())


async def cancels():
    log.clear()
    task = asyncio.create_task(step("x", 100))
    await asyncio.sleep(0)
    print(task.cancel("why"), task.cancelling(), task.cancelled(), task.done())
    try:
        await task
    except asyncio.CancelledError as error:
        print("caught", error.args, task.cancelled())
    for coroutine in (
        asyncio.wait_for(asyncio.sleep(10), 0.01),
        asyncio.wait_for(step("y", 1000000), 0.01),
    ):
        try:
            await coroutine
        except TimeoutError as error:
            print(repr(error))
    try:
        async with asyncio.timeout(0.01) as scope:
            await asyncio.sleep(10)
    except TimeoutError as error:
        print("timeout", error.args, scope.expired())
    shielded = asyncio.create_task(step("z", 3))
    outer = asyncio.shield(shielded)
    await asyncio.sleep(0)
    outer.cancel()
    print(await shielded, outer.cancelled())
    print([entry for entry in log if entry[0] != "y" and entry[1] != "…"][-6:])
    done, pending = await asyncio.wait(
        [asyncio.create_task(asyncio.sleep(d, d)) for d in (0, 5)],
        return_when=asyncio.FIRST_COMPLETED,
    )
    print([t.result() for t in done], len(pending))
    for t in pending:
        t.cancel()


asyncio.run(cancels())


async def groups():
    async def fail(error):
        await asyncio.sleep(0)
        raise error

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(ValueError(1)))
            group.create_task(fail(KeyError(2)))
            group.create_task(asyncio.sleep(10))
    except* ValueError as error:
        print(repr(error))
    except* KeyError as error:
        print(repr(error))
    print(await asyncio.gather(fail(OSError("o")), asyncio.sleep(0, "r"), return_exceptions=True))
    results = []
    for future in asyncio.as_completed([asyncio.sleep(d / 100, d) for d in (3, 1, 2)]):
        results.append(await future)
    print(results)


asyncio.run(groups())
variable = contextvars.ContextVar("variable")


async def contexts():
    variable.set("outer")

    async def inner():
        seen = variable.get()
        variable.set("inner")
        return seen, variable.get()

    print(await asyncio.create_task(inner()), variable.get(), await inner(), variable.get())
    print(await asyncio.to_thread(variable.get))
    context = contextvars.copy_context()
    print(await asyncio.create_task(inner(), context=context), context[variable])


asyncio.run(contexts())


async def synchronisation():
    lock, event, condition, queue = (
        asyncio.Lock(),
        asyncio.Event(),
        asyncio.Condition(),
        asyncio.PriorityQueue(2),
    )
    got = []

    async def worker(i):
        async with lock:
            got.append(i)
            await asyncio.sleep(0)
        await event.wait()
        async with condition:
            await condition.wait()
        got.append(-i)

    tasks = [asyncio.create_task(worker(i)) for i in range(3)]
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.sleep(0.01)
    async with condition:
        condition.notify_all()
    await asyncio.gather(*tasks)
    print(got, re.sub("0x.*? ", "", repr(lock)))
    producer = asyncio.create_task(
        asyncio.wait_for(asyncio.gather(*(queue.put(i) for i in (3, 1, 2))), 5)
    )
    await asyncio.sleep(0)
    print([await queue.get() for _ in range(3)], queue.empty())
    await producer
    async with asyncio.Barrier(1) as position:
        print(position)


asyncio.run(synchronisation())


async def streams():
    async def serve(reader, writer):
        async for line in reader:
            writer.write(line.upper())
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**20) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.writelines([b"one\n", b"two\n", b"x" * 200_000 + b"\n"])
        print(await reader.readline(), await reader.readexactly(4))
        try:
            await reader.readline()
        except ValueError as error:
            print(error)
        writer.close()
        await writer.wait_closed()
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(a, b"sock")
    print(
        await loop.sock_recv(b, 10),
        await loop.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM),
    )

    class Protocol(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, address):
            received.set_result(data)

    received = loop.create_future()
    transport, protocol = await loop.create_datagram_endpoint(Protocol, local_addr=("127.0.0.1", 0))
    transport.sendto(b"datagram", transport.get_extra_info("sockname"))
    print(await received)
    transport.close()
    a.close()
    b.close()


asyncio.run(streams())


async def processes():
    process = await asyncio.create_subprocess_exec(
        "cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    print(await process.communicate(b"through cat"), process.returncode)
    process = await asyncio.create_subprocess_shell(
        "echo out; exit 3", stdout=asyncio.subprocess.PIPE
    )
    print(await process.stdout.read(), await process.wait())
    process = await asyncio.create_subprocess_exec("sleep", "100")
    process.kill()
    print(await process.wait())
    loop = asyncio.get_running_loop()
    got = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, got.set_result, "signal")
    signal.raise_signal(signal.SIGUSR1)
    print(await got)
    print(await loop.run_in_executor(None, sum, [1, 2, 3]))
    print(
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0, "safe"), loop))
    )


asyncio.run(processes())


async def errors():
    loop = asyncio.get_running_loop()
    reports = []
    loop.set_exception_handler(
        lambda loop, context: reports.append((context["message"], repr(context.get("exception"))))
    )
    loop.call_soon(lambda: 1 / 0)
    future = loop.create_future()
    future.set_exception(ValueError("never fetched"))
    del future
    task = asyncio.create_task(step("lost", 1))
    await asyncio.sleep(0.01)
    gc.collect()
    print(reports)
    for action in (
        lambda f: f.result(),
        lambda f: f.exception(),
        lambda f: f.set_result(1) or f.set_result(2),
        lambda f: f.set_exception(StopIteration),
        lambda f: f.set_exception(1),
        lambda f: f.cancel() and f.result(),
        lambda f: f.__await__().send(1),
        lambda f: f.add_done_callback(),
        lambda f: f._state,
        lambda f: f.get_loop() is loop,
    ):
        for kind in (asyncio.Future, asyncio.futures._PyFuture):
            try:
                print(action(kind()))
            except BaseException as error:
                print(type(error).__name__, error)
    try:
        await 1
    except TypeError as error:
        print(error)
    for bad in (
        lambda: asyncio.create_task(1),
        lambda: asyncio.ensure_future(1),
        lambda: asyncio.run(None),
        lambda: asyncio.Task(1, loop=loop),
    ):
        try:
            bad()
        except (TypeError, ValueError, RuntimeError) as error:
            print(type(error).__name__, error)

    async def generator():
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            print("generator closed")

    async for value in generator():
        break
    del value
    gc.collect()
    await asyncio.sleep(0.01)


asyncio.run(errors())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    asyncio.sleep(1)
    gc.collect()
print([str(w.message) for w in caught])
try:
    asyncio.get_running_loop()
except RuntimeError as error:
    print(error)


async def interrupted():
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, signal.raise_signal, signal.SIGINT)
    try:
        await asyncio.sleep(10)
    finally:
        print("cleaned up")


try:
    asyncio.run(interrupted())
except KeyboardInterrupt:
    print("interrupted")
