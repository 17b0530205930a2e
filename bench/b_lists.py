def main():
    a = [i * 7919 % 10007 for i in range(60000)]
    b = [x for x in a if x & 1]
    b.reverse()
    a[::2] = b[:30000] if len(b) >= 30000 else a[::2]
    assert len(a) == 60000
