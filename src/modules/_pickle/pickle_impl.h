/* SPDX-License-Identifier: MIT
 *
 * What the files of _pickle share: module state, the two machines, and the steps between them.
 *
 * A Pickler or Unpickler lives either in a Python object or, for dumps() and loads(), on the C
 * stack, where its memo, stack and buffer start inside the caller's frame: only pickler.c and
 * unpickler.c may use one as a PyObject, and what looks for hooks that subclasses define.
 *
 * Any call out to Python code may come back into the same machine. So nothing keeps a pointer into
 * its buffers over such a call, and what is called is held while it runs.
 */
#ifndef VITRO_PICKLE_IMPL_H
#define VITRO_PICKLE_IMPL_H

#include "state.h"
#include "modules/_pickle/opcodes.h"
#include <endian.h>

typedef struct {
    /* All strong. */
    PyObject *PickleError, *PicklingError, *UnpicklingError;
    PyObject *dispatch_table, *extension_registry; /* copyreg's dicts */
    PyObject *inverted_registry, *extension_cache;
    PyObject *names_2to3, *modules_2to3; /* _compat_pickle's */
    PyObject *names_3to2, *modules_3to2;
    PyObject *encode, *getattr, *partial; /* of codecs, builtins, functools */
} PickleState;

/* State of the current interpreter's module (BORROWED); NULL with an exception once it is gone. */
PickleState *pickle_state(void);

/* -- Memo of a pickler: object -> number ----------------------------------------------------- */

typedef struct {
    PyObject *key; /* strong; NULL: free */
    Py_ssize_t id; /* its number */
} MemoEntry;

typedef struct {
    MemoEntry *table; /* mask + 1 entries */
    size_t mask;      /* a power of two less one */
    size_t used;      /* objects in it; also the next number */
    bool borrowed;    /* the table belongs to a C frame */
} Memo;
static_assert(sizeof(Memo) == 32 && sizeof(MemoEntry) == 16, "Pickler.__sizeof__ counts them");

Memo *pickle_memo_new(void);
Memo *pickle_memo_copy(const Memo *memo);
Py_ssize_t pickle_memo_find(const Memo *memo, PyObject *key); /* -1: not there */
int pickle_memo_set(Memo *memo, PyObject *key, Py_ssize_t id);
void pickle_memo_clear(Memo *memo);   /* empty, at its smallest */
void pickle_memo_release(Memo *memo); /* the table alone */
void pickle_memo_free(Memo *memo);

/* -- Pickler --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Memo *memo;
    PyObject *persistent_id;     /* strong; a function when persistent_self is set */
    PyObject *persistent_self;   /* BORROWED: the pickler, without the cycle of a bound method */
    PyObject *dispatch_table;    /* strong, MAYBE_NULL: copyreg's */
    PyObject *reducer_override;  /* strong, only while dump() runs */
    PyObject *write;             /* strong; NULL: to memory, or not initialised */
    PyObject *buffer_callback;   /* strong, MAYBE_NULL */
    PyObject *fast_memo;         /* dict of addresses, MAYBE_NULL */
    PickleState *state;          /* the module's */
    PyObject *output;            /* bytes `out` points into; NULL: none yet, or a C frame's */
    char *out;                   /* where bytes are put */
    Py_ssize_t length, capacity; /* of `out`: bytes put, room */
    Py_ssize_t frame_start;      /* where the open frame's head is; -1: none open */
    int fast, fast_nesting;      /* no memo; depth of containers then, to notice cycles */
    int binary;                  /* member `bin` */
    int protocol;
    bool framing, fix_imports;   /* frames of protocol 4; names of Python 2 below 3 */
} Pickler;
static_assert(sizeof(Pickler) == 152, "object.__sizeof__");

extern PyTypeObject pickle_Pickler_type, pickle_PicklerMemoProxy_type;

int pickle_set_protocol(Pickler *p, PyObject *protocol, bool fix_imports);
int pickle_set_output(Pickler *p, PyObject *file);
int pickle_set_buffer_callback(Pickler *p, PyObject *callback);
int pickle_dump(Pickler *p, PyObject *obj, PyObject *self); /* self MAYBE_NULL */

/* Output: out.c */
int pickle_out_reset(Pickler *p, Py_ssize_t capacity); /* an empty buffer */
char *pickle_out_grow(Pickler *p, Py_ssize_t n);       /* out of line half of pickle_out */
int pickle_out_close_frame(Pickler *p);
int pickle_out_frame_full(Pickler *p);
int pickle_out_data(Pickler *p, const char *head, Py_ssize_t head_size, const char *data,
                    Py_ssize_t size, PyObject *payload);
PyObject *pickle_out_take(Pickler *p);
int pickle_out_flush(Pickler *p);

/* Room for n bytes, counted as written; valid until the next call. NULL with an exception. */
static inline char *pickle_out(Pickler *p, Py_ssize_t n)
{
    if (UNLIKELY(n > p->capacity - p->length || (p->framing && p->frame_start < 0)))
        return pickle_out_grow(p, n);
    char *at = p->out + p->length;
    p->length += n;
    return at;
}
static inline int pickle_put(Pickler *p, const void *data, Py_ssize_t n)
{
    char *to = pickle_out(p, n);
    if (UNLIKELY(!to))
        return -1;
    memcpy(to, data, (size_t)n);
    return 0;
}
static inline int pickle_op(Pickler *p, int op)
{
    char *to = pickle_out(p, 1);
    if (UNLIKELY(!to))
        return -1;
    *to = (char)op;
    return 0;
}
/* Between two objects: closes a frame that is long enough. */
static inline int pickle_boundary(Pickler *p)
{
    if (LIKELY(!p->framing || p->frame_start < 0 ||
               p->length - p->frame_start < PICKLE_FRAME_TARGET + PICKLE_FRAME_HEAD))
        return 0;
    return pickle_out_frame_full(p);
}
static inline void pickle_store_le(char *to, uint64_t value, int bytes)
{
    if (bytes == 4) {
        uint32_t low = htole32((uint32_t)value);
        memcpy(to, &low, 4);
        return;
    }
    for (int i = 0; i < bytes; i++)
        to[i] = (char)(value >> (8 * i));
}

/* Saving. All return 0, or -1 with an exception. */
int pickle_save(Pickler *p, PyObject *obj);
int pickle_save_plain(Pickler *p, PyObject *obj); /* without persistent_id() */
int pickle_memo_put(Pickler *p, PyObject *obj);
int pickle_memo_get(Pickler *p, Py_ssize_t id);
int pickle_save_bool(Pickler *p, PyObject *obj);
int pickle_save_int(Pickler *p, PyObject *obj);
int pickle_save_float(Pickler *p, PyObject *obj);
int pickle_save_str(Pickler *p, PyObject *obj);
int pickle_save_bytes(Pickler *p, PyObject *obj);
int pickle_save_bytearray(Pickler *p, PyObject *obj);
int pickle_save_buffer(Pickler *p, PyObject *obj);
int pickle_save_tuple(Pickler *p, PyObject *obj);
int pickle_save_list(Pickler *p, PyObject *obj);
int pickle_save_dict(Pickler *p, PyObject *obj);
int pickle_save_set(Pickler *p, PyObject *obj);
int pickle_save_frozenset(Pickler *p, PyObject *obj);
int pickle_batch_list(Pickler *p, PyObject *iterator);
int pickle_batch_dict(Pickler *p, PyObject *iterator);
int pickle_save_global(Pickler *p, PyObject *obj, PyObject *name); /* name MAYBE_NULL */
int pickle_save_type(Pickler *p, PyObject *obj);
int pickle_save_reduce(Pickler *p, PyObject *value, PyObject *obj); /* obj MAYBE_NULL */
int pickle_save_call(Pickler *p, PyObject *callable, PyObject *args,
                     PyObject *obj);                         /* STEALS args, MAYBE_NULL */
PyObject *pickle_dotted_path(PyObject *obj, PyObject *name); /* list of names */
PyObject *pickle_deep_attribute(PyObject *obj, PyObject *path, PyObject **parent);

/* -- Views of a memo, of both types (memo.c) -------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *owner; /* strong: the Pickler or Unpickler */
} MemoProxy;
PyObject *pickle_proxy_new(PyTypeObject *type, PyObject *owner);
void pickle_proxy_dealloc(PyObject *self);
int pickle_proxy_traverse(PyObject *self, visitproc visit, void *arg);
int pickle_proxy_clear(PyObject *self);
PyObject *pickle_proxy_reduce(PyObject *contents); /* STEALS it, MAYBE_NULL */

/* -- Hooks ----------------------------------------------------------------------------------- */

/* A method of `self`, or what else it has by that name, kept without a reference to self. */
int pickle_hook_init(PyObject *self, PyObject *name, PyObject **func, PyObject **func_self);
/* What the attribute of that name shows; func MAYBE_NULL. */
PyObject *pickle_hook_get(PyObject *func, PyObject *func_self, const char *name);
int pickle_hook_set(PyObject **func, PyObject **func_self, PyObject *value, const char *name);
PyObject *pickle_hook_call(PyObject *func, PyObject *func_self, PyObject *arg);

/* -- Unpickler ------------------------------------------------------------------------------- */

/* Objects of one load(): lives in its C frame. All items strong. */
typedef struct {
    PyObject **items;
    Py_ssize_t length, capacity;
    Py_ssize_t fence;     /* items below belong to marks: popping there is an error */
    Py_ssize_t mark_base; /* marks of this load start here (a hook may load again) */
    PyObject *inside[64]; /* first storage */
} Stack;

typedef struct {
    PyObject_HEAD
    Stack *stack;                     /* of the load() that runs, else NULL */
    PyObject **memo;                  /* number -> object, strong, MAYBE_NULL */
    Py_ssize_t memo_size;             /* allocated */
    Py_ssize_t memo_used, memo_count; /* 1 + highest number stored; how many are */
    Py_ssize_t *marks;                /* places in the stack */
    int32_t mark_count, mark_size;
    PyObject *persistent_load;        /* as in Pickler */
    PyObject *persistent_self;        /* BORROWED, as in Pickler */
    Py_buffer view;                   /* input held */
    const char *next, *end;           /* unread part of it */
    const char *fetched;              /* the file's position; what is beyond came from peek() */
    char *line;                       /* copy of the last line read, NUL-terminated */
    PyObject *read, *readinto, *readline, *peek, *buffers; /* strong, MAYBE_NULL */
    char *encoding, *errors;          /* of Python 2's str */
    PickleState *state;               /* the module's */
    int8_t protocol;
    bool fix_imports;
    bool borrowed_memo;               /* memo belongs to a C frame */
    bool is_object;                   /* find_class() may be overridden */
} Unpickler;
static_assert(sizeof(Unpickler) == 272, "object.__sizeof__");

enum { UNPICKLE_MEMO_MIN = 32 };

extern PyTypeObject pickle_Unpickler_type, pickle_UnpicklerMemoProxy_type;

int unpickle_set_file(Unpickler *u, PyObject *file);
int unpickle_set_encoding(Unpickler *u, const char *encoding, const char *errors);
int unpickle_set_buffers(Unpickler *u, PyObject *buffers);
PyObject *unpickle_load(Unpickler *u);
PyObject *unpickle_find_class(Unpickler *u, PyObject *module_name, PyObject *global_name);
void unpickle_release(Unpickler *u); /* frees all but the object itself */

/* Input: in.c. Lines and bytes are valid until the next call. */
Py_ssize_t unpickle_set_input(Unpickler *u, PyObject *data);
int unpickle_skip_consumed(Unpickler *u);
int unpickle_in_slow(Unpickler *u, const char **at, Py_ssize_t n);
int unpickle_in_copy(Unpickler *u, char *to, Py_ssize_t n);
Py_ssize_t unpickle_in_line(Unpickler *u, char **line); /* at least `\n`; its length */
int unpickle_truncated(Unpickler *u);

static inline int unpickle_in(Unpickler *u, const char **at, Py_ssize_t n)
{
    if (UNLIKELY(n > u->end - u->next))
        return unpickle_in_slow(u, at, n);
    *at = u->next;
    u->next += n;
    return 0;
}
/* Unsigned little-endian; values beyond Py_ssize_t come out negative. */
static inline Py_ssize_t unpickle_le(const char *from, int bytes)
{
    uint64_t value = 0;
    uint32_t four;
    if (bytes == 1)
        return (unsigned char)*from;
    if (bytes == 4) {
        memcpy(&four, from, 4);
        return le32toh(four);
    }
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)from[i] << (8 * i);
    return (Py_ssize_t)value;
}

/* Stack: stack.c */
int unpickle_underflow(Unpickler *u);
int unpickle_push_slow(Unpickler *u, PyObject *obj); /* STEALS */
int unpickle_mark(Unpickler *u);
Py_ssize_t unpickle_unmark(Unpickler *u); /* position of the last mark, or -1 */
void unpickle_stack_cut(Stack *s, Py_ssize_t to);
PyObject *unpickle_pop_tuple(Unpickler *u, Py_ssize_t from);
PyObject *unpickle_pop_list(Unpickler *u, Py_ssize_t from);

/* STEALS obj; NULL means an error is set. */
static inline int unpickle_push(Unpickler *u, PyObject *obj)
{
    Stack *s = u->stack;
    if (UNLIKELY(!obj))
        return -1;
    if (UNLIKELY(s->length == s->capacity))
        return unpickle_push_slow(u, obj);
    s->items[s->length++] = obj;
    return 0;
}
static inline PyObject *unpickle_pop(Unpickler *u)
{
    Stack *s = u->stack;
    if (UNLIKELY(s->length <= s->fence)) {
        unpickle_underflow(u);
        return NULL;
    }
    return s->items[--s->length];
}

int unpickle_memo_set(Unpickler *u, Py_ssize_t id, PyObject *obj);
PyObject **unpickle_memo_array(Py_ssize_t size);
void unpickle_memo_replace(Unpickler *u, PyObject **memo,
                           Py_ssize_t size); /* STEALS memo; counts its items */
PyObject *unpickle_load_next(Unpickler *u);  /* the machine itself */

/* One function an opcode or family of opcodes (load_data.c, load_objects.c). */
int unpickle_text_int(Unpickler *u);
int unpickle_text_long(Unpickler *u);
int unpickle_text_float(Unpickler *u);
int unpickle_text_string(Unpickler *u);
int unpickle_text_unicode(Unpickler *u);
int unpickle_long(Unpickler *u, int size_bytes);
int unpickle_binfloat(Unpickler *u);
int unpickle_binbytes(Unpickler *u, int size_bytes);
int unpickle_bytearray(Unpickler *u);
int unpickle_binstring(Unpickler *u, int size_bytes);
int unpickle_next_buffer(Unpickler *u);
int unpickle_readonly_buffer(Unpickler *u);
int unpickle_dict(Unpickler *u);
int unpickle_frozenset(Unpickler *u);
int unpickle_append(Unpickler *u, Py_ssize_t from);
int unpickle_setitems(Unpickler *u, Py_ssize_t from);
int unpickle_additems(Unpickler *u);
int unpickle_obj(Unpickler *u);
int unpickle_inst(Unpickler *u);
int unpickle_newobj(Unpickler *u, bool keywords);
int unpickle_reduce(Unpickler *u);
int unpickle_build(Unpickler *u);
int unpickle_global(Unpickler *u);
int unpickle_stack_global(Unpickler *u);
int unpickle_extension(Unpickler *u, int code_bytes);
int unpickle_persid(Unpickler *u);
int unpickle_binpersid(Unpickler *u);

#endif
