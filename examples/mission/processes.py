# A process has its own interpreter, memory and lock.
from multiprocessing import Process


def worker():
    print("Worker process", flush=True)


if __name__ == "__main__":
    p = Process(target=worker)
    p.start()
    p.join()
    print(p.exitcode)
# expect: Worker process
# expect: 0
