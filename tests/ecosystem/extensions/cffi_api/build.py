# needs: python3-cffi gcc libpython3.11-dev
"""cffi in API mode: the module is compiled from declarations and C."""
import cffi

ffi = cffi.FFI()
ffi.cdef("""
    #define LIMIT ...
    enum colour { RED, GREEN = 5, ... };
    typedef struct { int x; double weights[3]; ...; } point;
    typedef struct node { struct node *next; int value; } node;
    extern int calls;
    int multiply(int, int);
    point make(int);
    long total(node *);
    const char *name(enum colour);
    extern "Python" int callback(int, void *);
    int call(int, void *);
    void sort(int *, size_t, int (*)(void *, void *));
""")
ffi.set_source("_shapes", """
    #include <stdlib.h>
    #define LIMIT 77
    enum colour { RED, GREEN = 5, BLUE };
    typedef struct { char hidden; double weights[3]; int x; } point;
    typedef struct node { struct node *next; int value; } node;
    int calls;
    static int multiply(int a, int b) { calls++; return a * b; }
    static point make(int v) { point p = {0, {v, v * 2.5, -v}, v}; return p; }
    static long total(node *n) { return n ? n->value + total(n->next) : 0; }
    static const char *name(enum colour c) { return c == RED ? "red" : c == GREEN ? "green" : NULL; }
    static int callback(int, void *);
    static int call(int v, void *handle) { return callback(v, handle) + 1; }
    static void sort(int *a, size_t n, int (*f)(void *, void *))
    {
        qsort(a, n, sizeof *a, (int (*)(const void *, const void *))f);
    }
""")
print(ffi.compile().rpartition("/")[2])
