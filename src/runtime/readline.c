/* SPDX-License-Identifier: MIT
 *
 * PyOS_Readline: a line from the terminal, through the readline module when that is there.
 */
#include "runtime/rt.h"

PyThreadState *_PyOS_ReadlineTState = NULL; /* who reads; module readline's hooks need it */
int (*PyOS_InputHook)(void) = NULL;
char *(*PyOS_ReadlineFunctionPointer)(FILE *, FILE *, const char *) = NULL;

static PyThread_type_lock lock; /* one reader at a time */

enum read_result { READ_OK = 0, READ_INTERRUPTED = 1, READ_EOF = -1, READ_ERROR = -2 };

/* Without the GIL. */
static enum read_result read_some(PyThreadState *tstate, char *buf, int len, FILE *fp)
{
    for (;;) {
        if (PyOS_InputHook)
            PyOS_InputHook();
        errno = 0;
        clearerr(fp);
        if (fgets(buf, len, fp))
            return READ_OK;
        int err = errno;
        if (feof(fp)) {
            clearerr(fp);
            return READ_EOF;
        }
        if (err != EINTR)
            return READ_ERROR;
        PyEval_RestoreThread(tstate);
        int stop = PyErr_CheckSignals();
        PyEval_SaveThread();
        if (stop < 0)
            return READ_INTERRUPTED;
    }
}

/* In raw memory; NULL after an interrupt, "" at the end of the file. */
static char *stdio_readline(FILE *in, FILE *out, const char *prompt)
{
    PyThreadState *tstate = _PyOS_ReadlineTState;
    size_t cap = 100, n = 0;
    char *line = PyMem_RawMalloc(cap);
    (void)out;
    if (prompt) {
        fprintf(stderr, "%s", prompt);
        fflush(stderr);
    }
    while (line) {
        /* how reading a line ended */
        enum read_result res = read_some(tstate, line + n, (int)(cap - n), in);
        if (res == READ_INTERRUPTED) {
            PyMem_RawFree(line);
            return NULL;
        }
        if (res != READ_OK) {
            line[n] = 0;
            return line;
        }
        n += strlen(line + n);
        if (n && line[n - 1] == '\n')
            return line;
        char *more = PyMem_RawRealloc(line, cap * 2);
        if (!more) {
            PyMem_RawFree(line);
            break;
        }
        line = more;
        cap *= 2;
    }
    PyEval_RestoreThread(tstate);
    PyErr_NoMemory();
    PyEval_SaveThread();
    return NULL;
}

/* For PyMem_Free. NULL with KeyboardInterrupt or another
   exception possibly set; "" at the end of the file. */
char *PyOS_Readline(FILE *in, FILE *out, const char *prompt)
{
    PyThreadState *tstate = tstate_get();
    if (_PyOS_ReadlineTState == tstate) {
        PyErr_SetString(PyExc_RuntimeError, "can't re-enter readline");
        return NULL;
    }
    if (!PyOS_ReadlineFunctionPointer)
        PyOS_ReadlineFunctionPointer = stdio_readline;
    if (!lock && !(lock = PyThread_allocate_lock())) {
        PyErr_SetString(PyExc_MemoryError, "can't allocate lock");
        return NULL;
    }
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(lock, WAIT_LOCK);
    _PyOS_ReadlineTState = tstate;
    Py_END_ALLOW_THREADS
    PyThreadState *save = PyEval_SaveThread();
    bool tty = isatty(fileno(in)) && isatty(fileno(out))
               && tstate->interp == _PyRuntime.interpreters.main;
    char *raw = tty ? PyOS_ReadlineFunctionPointer(in, out, prompt)
                    : stdio_readline(in, out, prompt);
    PyEval_RestoreThread(save);
    _PyOS_ReadlineTState = NULL;
    PyThread_release_lock(lock);
    if (!raw)
        return NULL;
    size_t n = strlen(raw) + 1;
    char *line = PyMem_Malloc(n);
    if (line)
        memcpy(line, raw, n);
    else
        PyErr_NoMemory();
    PyMem_RawFree(raw);
    return line;
}
