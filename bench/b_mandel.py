def main():
    n = 0
    for y in range(40):
        for x in range(60):
            z = 0j
            c = complex(x / 30 - 1.5, y / 20 - 1)
            for _ in range(30):
                z = z * z + c
                if abs(z) > 2:
                    break
            else:
                n += 1
    assert n > 0
