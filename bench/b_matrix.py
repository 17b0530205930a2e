def main():
    n = 45
    a = [[i * j % 7 for j in range(n)] for i in range(n)]
    b = [[i + j for j in range(n)] for i in range(n)]
    c = [[sum(x * y for x, y in zip(r, col)) for col in zip(*b)] for r in a]
    assert len(c) == n and c[1][1] == sum(a[1][k] * b[k][1] for k in range(n))
