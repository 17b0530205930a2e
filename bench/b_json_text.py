import json


def main():
    data = {"items": [{"id": i, "name": "n%d" % i, "x": i / 3} for i in range(2000)]}
    assert json.loads(json.dumps(data)) == data
