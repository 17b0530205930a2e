# SPDX-License-Identifier: MIT
"""A package with three extensions: in plain C, by pybind11, by cffi."""
from pybind11.setup_helpers import Pybind11Extension, build_ext
from setuptools import Extension, setup

setup(
    name="glass", version="2.5", package_dir={"": "src"}, packages=["glass"],
    ext_modules=[Extension("glass._hand", ["hand.c"], define_macros=[("SEPARATOR", '"+"')]),
                 Pybind11Extension("glass.counter", ["counter.cpp"])],
    cffi_modules=["shapes_build.py:ffi"],
    entry_points={"console_scripts": ["glass = glass:main"]},
    cmdclass={"build_ext": build_ext}, zip_safe=False)
