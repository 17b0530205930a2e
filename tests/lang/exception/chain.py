try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise KeyError('k') from e
except KeyError as e:
    print(type(e.__cause__).__name__, e.__suppress_context__)
# expect: ZeroDivisionError True
