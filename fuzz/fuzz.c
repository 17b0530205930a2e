/* SPDX-License-Identifier: MIT
 *
 * libFuzzer's entry point: starts the interpreter, hands each input to the target with a NUL behind
 * it.
 */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    config.install_signal_handlers = 0;
    /* where the library is found from */
    PyConfig_SetString(&config, &config.program_name, L"/usr/bin/python3.11");
    PyStatus status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status))
        Py_ExitStatusException(status);
    if (PyRun_SimpleString("import warnings; warnings.simplefilter('ignore')") < 0)
        abort();
    return 0;
}

void fuzz_settle(PyObject *result)
{
    if ((result == NULL) != (PyErr_Occurred() != NULL)) {
        fprintf(stderr, "fuzz: %s\n",
                result ? "a result and an exception" : "neither result nor exception");
        abort();
    }
    Py_XDECREF(result);
    PyErr_Clear();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1); /* exact, so that reading past the end is seen */
    memcpy(copy, data, size);
    copy[size] = 0;
    fuzz_one(copy, size);
    free(copy);
    return 0;
}
