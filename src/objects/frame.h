/* SPDX-License-Identifier: MIT
 *
 * Frames in 3.11's layout, which greenlet and other shipped modules compile in (tests/abi pins the
 * offsets).
 *
 * A Frame is the record the machine runs on; it lies on the thread's chunked data stack, or inside
 * a generator (owner says which). A PyFrameObject is the Python-visible view, made when somebody
 * looks, and takes the Frame over when that dies first. localsplus holds locals, cells, free
 * variables and then the value stack.
 */
#ifndef VITRO_FRAME_H
#define VITRO_FRAME_H

#include "vitro.h"

enum frame_owner {
    FRAME_OWNED_BY_THREAD = 0,
    FRAME_OWNED_BY_GENERATOR = 1,
    FRAME_OWNED_BY_FRAME_OBJECT = 2
};

typedef struct _PyInterpreterFrame {
    PyFunctionObject *f_func;             /* strong */
    PyObject *f_globals;                  /* borrowed (from f_func) */
    PyObject *f_builtins;                 /* borrowed */
    /* strong, may be NULL: mapping of a class or module body */
    PyObject *f_locals;
    PyCodeObject *f_code;                 /* strong */
    PyFrameObject *frame_obj;             /* strong, may be NULL: the view, once made */
    struct _PyInterpreterFrame *previous; /* caller */
    /* last instruction executed; first code unit - 1 before start */
    _Py_CODEUNIT *prev_instr;
    int stacktop;                         /* depth of localsplus in use, or -1 while it runs */
    bool is_entry;                        /* the machine's C function was entered for this frame */
    char owner;                           /* enum frame_owner */
    /* f(*args, **kwargs): its arguments live on behind the frame (vm/call.c) */
    bool held;
    PyObject *localsplus[1]; /* locals, cells, free variables, then the stack */
} Frame;

struct _frame {
    PyObject_HEAD
    PyFrameObject *f_back;  /* strong, may be NULL: set when the frame is left */
    Frame *f_frame;         /* the record; &_f_frame_data when this object owns it */
    PyObject *f_trace;      /* strong, may be NULL */
    int f_lineno;           /* line set by a tracer, 0: compute from prev_instr */
    char f_trace_lines;     /* the trace function wants line events */
    char f_trace_opcodes;   /* … opcode events */
    char f_fast_as_locals;  /* locals dict holds a copy of the fast locals */
    PyObject *_f_frame_data[1]; /* room for a Frame and its locals */
};

/* Generator states (gi_frame_state). */
enum gen_state {
    FRAME_CREATED = -2,   /* nothing has run yet */
    FRAME_SUSPENDED = -1, /* at a yield */
    FRAME_EXECUTING = 0,  /* must not be entered again */
    FRAME_COMPLETED = 1,  /* returned or raised; its contents are going */
    FRAME_CLEARED = 4     /* only names and code are left */
};

#define FRAME_CODE_START(code) ((_Py_CODEUNIT *)(code)->co_code_adaptive)

static inline int frame_lasti(const Frame *f)
{
    return (int)(f->prev_instr - FRAME_CODE_START(f->f_code));
}

static inline PyObject **frame_stack_base(Frame *f)
{
    return f->localsplus + f->f_code->co_nlocalsplus;
}

static inline Frame *gen_frame(PyGenObject *gen)
{
    return (Frame *)gen->gi_iframe;
}

/* BORROWED view, made on first use; NULL with MemoryError set. (src/objects/frame.c) */
PyFrameObject *frame_object_ensure(Frame *frame);
/* The nearest complete frame of the current thread (BORROWED), NULL at the bottom. */
Frame *frame_current(PyThreadState *tstate);
/* The nearest complete frame below (BORROWED), NULL at the bottom. */
Frame *frame_caller(const Frame *frame);
/* Drops everything a finished frame owns. (src/objects/frame.c) */
void frame_clear(Frame *frame);

#endif
