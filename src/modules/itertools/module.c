/* SPDX-License-Identifier: MIT
 *
 * Module itertools: its table of contents.
 */
#include "modules/itertools/itertools.h"

static PyMethodDef module_methods[] = {
    {"tee", (PyCFunction)(void (*)(void))itertools_tee, METH_FASTCALL,
     "tee($module, iterable, n=2, /)\n--\n\nn iterators, in a tuple, that each give everything the "
     "iterable gives."},
    {NULL},
};

static int module_exec(PyObject *module)
{
    PyTypeObject *types[] = {
        &accumulate_type,  &combinations_type, &cwr_type,          &cycle_type,
        &dropwhile_type,   &takewhile_type,    &islice_type,       &starmap_type,
        &chain_type,       &compress_type,     &filterfalse_type,  &count_type,
        &zip_longest_type, &pairwise_type,     &permutations_type, &product_type,
        &repeat_type,      &groupby_type,      &grouper_type,      &tee_type,
        &teedata_type,
    };
    Py_SET_TYPE(&teedata_type, &PyType_Type);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (PyModule_AddType(module, types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "itertools",
    .m_doc = "Building blocks for work with iterators.\n\n"
             "Without end: count, cycle, repeat.\n"
             "Up to the end of the shortest argument: accumulate, chain, compress, dropwhile, "
             "filterfalse, groupby,\n"
             "islice, pairwise, starmap, takewhile, tee; of the longest: zip_longest.\n"
             "Combinatoric: product, permutations, combinations, combinations_with_replacement.",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit_itertools(void) { return PyModuleDef_Init(&module_def); }
