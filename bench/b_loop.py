def main():
    total = 0
    for i in range(400000):
        total += i & 7
    assert total == 1400000
