/* SPDX-License-Identifier: MIT
 *
 * Repeated starts with extension modules of the standard library, objects that outlive a finalisation attempt, Py_Main.
 */
#include <Python.h>

int main(int argc, char **argv)
{
    for (int round = 0; round < 3; round++) {
        Py_Initialize();
        int r = PyRun_SimpleString(
            "import decimal, ctypes, hashlib, sqlite3, datetime, array, struct, asyncio, zlib, json\n"
            "print(decimal.Decimal(1) / 7, hashlib.sha256(b'x').hexdigest()[:8], sqlite3.connect(':memory:').execute('select 1 + 2').fetchone())\n"
            "print(datetime.date(2020, 2, 29) + datetime.timedelta(days=366), array.array('i', [1, 2]), struct.pack('<h', 5), zlib.crc32(b'abc'))\n"
            "async def f():\n    await asyncio.sleep(0)\n    return 'async'\n"
            "print(asyncio.run(f()), ctypes.c_int(5).value, ctypes.sizeof(ctypes.c_long))\n"
            "import sys; sys.stdout.flush()\n");
        printf("%d %d\n", r, Py_FinalizeEx());
        fflush(stdout);
    }
    wchar_t *args[] = {L"name", L"-c", L"import sys; print(sys.argv, flush=True); raise SystemExit(3)", L"x"};
    printf("main %d\n", Py_Main(4, args));
    fflush(stdout);
    char *bytes[] = {"name", "-E", "-c", "print(__name__)"};
    return Py_BytesMain(4, bytes);
}
