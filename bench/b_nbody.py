def main():
    bodies = [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
        [4.84, -1.16, -0.1, 0.606, 2.81, -0.02, 0.037],
        [8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011],
    ]
    for _ in range(4000):
        for i in range(3):
            a = bodies[i]
            for j in range(i + 1, 3):
                b = bodies[j]
                dx = a[0] - b[0]
                dy = a[1] - b[1]
                dz = a[2] - b[2]
                m = 0.001 / (dx * dx + dy * dy + dz * dz) ** 1.5
                a[3] -= dx * b[6] * m
                a[4] -= dy * b[6] * m
                a[5] -= dz * b[6] * m
                b[3] += dx * a[6] * m
                b[4] += dy * a[6] * m
                b[5] += dz * a[6] * m
        for a in bodies:
            a[0] += 0.001 * a[3]
            a[1] += 0.001 * a[4]
            a[2] += 0.001 * a[5]
    assert bodies[0][0] == bodies[0][0]
