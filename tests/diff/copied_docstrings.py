"""Libraries copy docstrings of built-in functions, with a notice behind the first paragraph."""
import builtins


def with_notice(name, notice):
    first, rest = getattr(builtins, name).__doc__.split("\n\n", 1)
    return first, "\n\n".join((first, notice, rest))


first, whole = with_notice("sum", "This docstring was copied.")
print(first.startswith("Return the sum of"), "\n" in first)
print(whole.index(first), whole.count("This docstring was copied.\n\n"))
print(sum.__text_signature__)
