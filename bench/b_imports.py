# SPDX-License-Identifier: MIT
"""A new interpreter imports much of the standard library, extension modules included."""
import subprocess
import sys

MODULES = """
argparse ast asyncio base64 bisect bz2 calendar cmd codecs collections concurrent.futures configparser contextlib copy
csv ctypes dataclasses datetime decimal difflib dis doctest email.message email.parser enum fractions functools glob
gzip hashlib heapq hmac html.parser http.client http.cookies http.server imaplib inspect io ipaddress itertools json
locale logging.config logging.handlers lzma mailbox mimetypes multiprocessing.pool numbers operator optparse pathlib
pdb pickle pkgutil platform plistlib pprint profile queue random re sched secrets select selectors shelve shlex shutil
signal smtplib socket socketserver sqlite3 ssl statistics string struct subprocess tarfile tempfile textwrap threading
timeit tokenize traceback types typing unittest.mock urllib.request uuid venv warnings wave weakref wsgiref.simple_server
xml.dom.minidom xml.etree.ElementTree xmlrpc.client zipfile zoneinfo
""".split()
CODE = "import sys, " + ", ".join(MODULES) + "\nprint(len(sys.modules))"


def main():
    out = subprocess.run([sys.executable, "-c", CODE], stdout=subprocess.PIPE, check=True).stdout
    assert int(out) > 2 * len(MODULES)
