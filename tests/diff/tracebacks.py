import traceback, sys
def f(x):
    return g(x) + 1
def g(x):
    return {'a': x['b']['c'] / 0}
try:
    f({'b': {'c': 1}})
except ZeroDivisionError:
    traceback.print_exc(file=sys.stdout)
