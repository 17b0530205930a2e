# SPDX-License-Identifier: MIT
"""A package with an extension in C, one in Cython, and a data file."""
from Cython.Build import cythonize
from setuptools import Extension, setup

by_hand = Extension("demo_pkg._triple", ["triple.c"], define_macros=[("FACTOR", "3")])
setup(ext_modules=[by_hand, *cythonize("demo_pkg/_words.pyx", language_level=3)])
