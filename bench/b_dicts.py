def main():
    d = {}
    for i in range(100000):
        d[i % 5003] = d.get(i % 5003, 0) + 1
    s = {str(i): i for i in range(20000)}
    assert sum(d.values()) == 100000 and sum(s[str(i)] for i in range(20000)) == 199990000
