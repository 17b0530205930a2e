# Tasks that wait take turns in one thread.
import asyncio
import threading


async def fetch(name, seconds):
    print("start", name, threading.current_thread() is threading.main_thread())
    await asyncio.sleep(seconds)
    print("end", name)
    return name.upper()


async def main():
    return await asyncio.gather(fetch("slow", 0.3), fetch("quick", 0.05))


print(asyncio.run(main()))
# expect: start slow True
# expect: start quick True
# expect: end quick
# expect: end slow
# expect: ['SLOW', 'QUICK']
