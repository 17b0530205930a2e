print([y for x in range(3) if (y := x * 2)], y)
# expect: [2, 4] 4
