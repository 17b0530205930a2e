# Work for the processor, spread over processes.
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(4) as p:
        print(p.map(square, [1, 2, 3, 4, 5]))
# expect: [1, 4, 9, 16, 25]
