import re


def main():
    text = "key%d=value%d; " * 500 % tuple(range(1000))
    assert (
        len(re.findall(r"(\w+)=(\w+);", text)) == 500
        and re.sub(r"\d+", "", text).count("key=value") == 500
    )
