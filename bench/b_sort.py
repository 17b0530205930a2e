def main():
    a = [(i * 7919 % 100003, i) for i in range(40000)]
    a.sort()
    b = sorted(a, key=lambda t: -t[1])
    assert b[0][1] == 39999 and a[0][0] == 0
