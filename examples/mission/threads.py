# Threads that wait do so at the same time: the lock is given up while they sleep.
import threading
import time


def task():
    print("Task start")
    time.sleep(0.5)
    print("Task end")


thread1 = threading.Thread(target=task)
thread2 = threading.Thread(target=task)

thread1.start()
thread2.start()

thread1.join()
thread2.join()
# expect: Task start
# expect: Task start
# expect: Task end
# expect: Task end
