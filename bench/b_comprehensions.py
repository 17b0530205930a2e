def main():
    for _ in range(20):
        assert sum([x for x in range(5000) if x % 3]) == 8331667
        assert len({x % 100: x for x in range(5000)}) == 100
