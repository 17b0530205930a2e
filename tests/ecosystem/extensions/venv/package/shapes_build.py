# SPDX-License-Identifier: MIT
"""What cffi compiles for this package, in API mode."""
import cffi

ffi = cffi.FFI()
ffi.cdef("double area(double, double);")
ffi.set_source("glass._shapes", "static double area(double a, double b) { return a * b; }")
