print(
    0.1 + 0.2,
    1e22,
    5e-324,
    round(2.5),
    round(2.675, 2),
    float('1e-7'),
    (0.5).as_integer_ratio(),
    1e308 * 10,
)
# expect: 0.30000000000000004 1e+22 5e-324 2 2.67 1e-07 (1, 2) inf
