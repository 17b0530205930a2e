def main():
    a = set(range(0, 60000, 2))
    b = set(range(0, 60000, 3))
    assert len(a & b) == 10000 and len(a | b) == 40000 and len(a ^ b) == 30000
