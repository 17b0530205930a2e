# SPDX-License-Identifier: MIT
"""aiohttp with multidict, yarl and frozenlist: a server and a client in one loop on the loopback.

"""
import asyncio
from aiohttp import ClientSession, web
from frozenlist import FrozenList
from multidict import CIMultiDict, MultiDict
from yarl import URL

m = MultiDict([("a", "1"), ("b", "2"), ("a", "3")])
for i in range(5000):
    m.add("k%d" % (i % 50), str(i))
print(m.getall("a"), len(m), m.popone("b"),
      sorted(set(m))[:3],
      CIMultiDict(Key="v")["kEY"], m.get("none", 5))
u = URL("http://user@example.com:8080/p%20a/?q=1&q=2#f") / "é"
print(u, u.query, u.with_query(x=1).raw_path, URL("../z").parent, u.origin())
f = FrozenList([1, 2])
f.append(3)
f.freeze()
print(f)
try:
    f.append(4)
except RuntimeError as e:
    print(e)


async def handle(req):
    return web.json_response(
        {"path": req.path, "q": dict(req.query), "body": (await req.text())[:10]},
        headers={"X-A": "1"})


async def stream(req):
    r = web.StreamResponse()
    await r.prepare(req)
    for i in range(20):
        await r.write(b"chunk%d" % i)
    await r.write_eof()
    return r


async def main():
    app = web.Application()
    app.router.add_route("*", "/j/{x}", handle)
    app.router.add_get("/s", stream)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with ClientSession() as s:

        async def get(i):
            async with s.post("http://127.0.0.1:%d/j/%d?a=%d" % (port, i, i),
                              data="body %d" % i) as r:
                return (await r.json())["q"]["a"], r.status, r.headers["x-a"]

        print((await asyncio.gather(*(get(i) for i in range(60))))[-1])
        async with s.get("http://127.0.0.1:%d/s" % port) as r:
            print(len(await r.read()))
        async with s.get("http://127.0.0.1:%d/none" % port) as r:
            print(r.status, await r.text())
    await runner.cleanup()


asyncio.run(main())
