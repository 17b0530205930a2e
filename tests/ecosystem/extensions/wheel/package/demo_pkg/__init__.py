# SPDX-License-Identifier: MIT
"""The Python part of the package, which reads its data file."""
from importlib import resources

from ._triple import triple
from ._words import longest


def words():
    return resources.files(__name__).joinpath("words.txt").read_text().split()


def main():
    print(longest(words()))
