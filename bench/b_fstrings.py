def main():
    n = 0
    for i in range(60000):
        n += len(f"{i}:{i * 2:>8}:{i / 3:.2f}")
    assert n > 600000
