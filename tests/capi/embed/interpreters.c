/* SPDX-License-Identifier: MIT
 *
 * Sub-interpreters and threads of an embedding program; callbacks from threads that Python did not make.
 */
#include <Python.h>
#include <pthread.h>

static PyThreadState *main_state;
static PyInterpreterState *shared;

static void *worker(void *arg)
{
    PyGILState_STATE g = PyGILState_Ensure();
    PyObject *main = PyImport_AddModule("__main__");
    PyObject *list = PyObject_GetAttrString(main, "results");
    for (int i = 0; i < 200; i++) {
        PyObject *n = PyLong_FromLong((long)(intptr_t)arg * 1000 + i);
        PyList_Append(list, n);
        Py_DECREF(n);
        if (i % 20 == 0) {
            Py_BEGIN_ALLOW_THREADS
            sched_yield();
            Py_END_ALLOW_THREADS
        }
    }
    Py_DECREF(list);
    PyGILState_Release(g);
    return NULL;
}
/* A thread with a state of its own in a given interpreter. */
static void *in_interpreter(void *arg)
{
    PyThreadState *t = PyThreadState_New(shared);
    PyEval_RestoreThread(t);
    PyRun_SimpleString("import sys; print('thread in', sys.name, flush=True)");
    PyThreadState_Clear(t);
    PyThreadState_DeleteCurrent();
    return NULL;
}

int main(void)
{
    for (int round = 0; round < 2; round++) {
        Py_InitializeEx(0);
        main_state = PyThreadState_Get();
        PyRun_SimpleString("results = []; import sys; sys.name = 'main'");
        pthread_t t[4];
        PyThreadState *saved = PyEval_SaveThread();
        for (int i = 0; i < 4; i++)
            pthread_create(&t[i], NULL, worker, (void *)(intptr_t)i);
        for (int i = 0; i < 4; i++)
            pthread_join(t[i], NULL);
        PyEval_RestoreThread(saved);
        PyRun_SimpleString("print(len(results), sorted(results) == sorted(i * 1000 + j for i in range(4) for j in range(200)), flush=True)");
        PyThreadState *subs[3];
        for (int i = 0; i < 3; i++) {
            subs[i] = Py_NewInterpreter();
            char code[200];
            snprintf(code, sizeof(code), "import sys, json, threading; sys.name = 'sub %d'; print(sys.name, len(sys.argv), __name__, 'results' in globals(), flush=True)", i);
            PyRun_SimpleString(code);
            PyThreadState_Swap(main_state);
        }
        PyRun_SimpleString("print(sys.name, flush=True)");
        for (int i = 0; i < 3; i++) {
            PyThreadState_Swap(subs[i]);
            PyRun_SimpleString("import atexit; print('in', sys.name, flush=True); atexit.register(lambda: print('leaving', sys.name, flush=True))\n"
                               "class K:\n    def __del__(self): print('gone', flush=True)\nk = K()");
            if (i == 1) {
                shared = subs[i]->interp;
                PyThreadState *me = PyEval_SaveThread();
                pthread_create(&t[0], NULL, in_interpreter, NULL);
                pthread_join(t[0], NULL);
                PyEval_RestoreThread(me);
            }
            Py_EndInterpreter(subs[i]);
            PyThreadState_Swap(main_state);
        }
        PyRun_SimpleString("import threading; t = threading.Thread(target=lambda: print('thread', flush=True)); t.start(); t.join()\n"
                           "d = threading.Thread(target=lambda: threading.Event().wait(), daemon=True); d.start()");
        printf("%d\n", Py_FinalizeEx());
        fflush(stdout);
    }
    return 0;
}
