# The implementation calls itself cpython where that names the ABI that wheels and .pyc files are made for.
import platform, sys

print(sys.implementation.name, sys.implementation.cache_tag, platform.python_version())
print(type(compile("1", "", "eval")).__name__, sys.version_info[:2])
# expect: cpython cpython-311 3.11.2
# expect: code (3, 11)
