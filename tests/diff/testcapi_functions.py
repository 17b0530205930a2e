"""The self-tests inside CPython's own C test modules (libpython3.11-testsuite), where they are installed."""
import sys

del sys.path[0]
import importlib, warnings

warnings.simplefilter("ignore")
for module in ("_testcapi", "_testinternalcapi", "_testimportmultiple", "_testclinic"):
    try:
        m = importlib.import_module(module)
    except ImportError:
        continue
    for name in sorted(dir(m)):
        if not name.startswith("test_") and module != "_testclinic" or name.startswith("__"):
            continue
        f = getattr(m, name)
        if (
            not callable(f)
            or name in ("test_structmembersType", "str_converter")
            or isinstance(f, type)
        ):
            continue
        for args in (
            ((),)
            if module != "_testclinic"
            else ((), (1,), ("a",), (1, 2), (1, 2, 3), (None,), (b"x", b"y"), (2**70,), (1.5,))
        ):
            try:
                r = f(*args)
            except Exception as e:
                r = "%s: %s" % (type(e).__name__, e)
            if not (isinstance(r, str) and " at 0x" in r):
                print(module, name, args, repr(r)[:200])
