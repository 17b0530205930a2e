def main():
    a, b = 0, 1
    for _ in range(10000):
        a, b = b, a + b
    assert len(str(a * b)) == 4180 and pow(3, 10**30, 10**20 + 39) > 0
