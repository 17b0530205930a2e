/* SPDX-License-Identifier: MIT
 *
 * Module _string: the parsers of str.format (objects/str/format_str.c) for string.Formatter.
 */
#include "objects/str/str.h"

static PyMethodDef string_methods[] = {
    { "formatter_field_name_split", str_formatter_field_name_split, METH_O,
      "Split a field name: (first, iterator of (is_attribute, name or index))." },
    { "formatter_parser", str_formatter_parser, METH_O,
      "Iterate over a format string: (literal, field name, format spec, conversion)." },
    { NULL }
};

static struct PyModuleDef string_module = {PyModuleDef_HEAD_INIT, .m_name = "_string",
                                           .m_doc = "string helper module",
                                           .m_methods = string_methods};

PyMODINIT_FUNC PyInit__string(void)
{
    return PyModuleDef_Init(&string_module);
}
