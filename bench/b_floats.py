def main():
    x = 0.0
    for i in range(1, 200000):
        x += 1.0 / (i * i)
    assert abs(x - 1.6449290668) < 1e-6
