# An object has a type, a count of references and its data; id() is its address, where count and type stand first.
import ctypes

x = 10
print(type(x), id(x) == id(x))
value = ["data"]
word = ctypes.sizeof(ctypes.c_void_p)
count = ctypes.c_ssize_t.from_address(id(value))
kind = ctypes.c_void_p.from_address(id(value) + word)
print(count.value, kind.value == id(list))
other = value
print(count.value)
print(ctypes.cast(id(value), ctypes.py_object).value)
# expect: <class 'int'> True
# expect: 1 True
# expect: 2
# expect: ['data']
