/* SPDX-License-Identifier: MIT
 *
 * Source to code object, then everything that reads one: its tables, marshal both ways. Nothing is
 * run.
 */
#include "fuzz.h"
#include <marshal.h>

static void read_tables(PyObject *code)
{
    static const char *const views[] = { "co_lines", "co_positions" };
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        PyObject *view = PyObject_CallMethod(code, views[i], NULL);
        PyObject *all = view ? PySequence_List(view) : NULL;
        Py_XDECREF(view);
        fuzz_settle(all);
    }
}

static void round_trip(PyObject *code)
{
    PyObject *data = PyMarshal_WriteObjectToString(code, Py_MARSHAL_VERSION);
    PyObject *back =
        data ? PyMarshal_ReadObjectFromString(PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))
             : NULL;
    if (back && PyObject_RichCompareBool(code, back, Py_EQ) != 1) {
        fprintf(stderr, "fuzz: marshal changes the code\n");
        abort();
    }
    Py_XDECREF(data);
    fuzz_settle(back);
}

void fuzz_one(const char *data, size_t size)
{
    if (size == 0)
        return;
    static const int starts[] = { Py_file_input, Py_eval_input, Py_single_input };
    PyObject *code = Py_CompileStringExFlags(data + 1, "<fuzz>", starts[(unsigned char)data[0] % 3],
                                             NULL, (unsigned char)data[0] / 3 % 3);
    if (code) {
        read_tables(code);
        round_trip(code);
    }
    fuzz_settle(code);
}
