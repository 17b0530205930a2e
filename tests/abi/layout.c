/* SPDX-License-Identifier: MIT
 *
 * Prints offsets and sizes of structs that extension modules compile in, one `struct.field offset size` a line.
 *
 * Built twice: with -DREFERENCE against CPython's own internal headers, without against Vitro's. Both outputs must
 * equal layout.txt, which also pins the public structs against another version of the headers. Where Vitro calls a
 * field or struct differently, the row names both.
 */
#ifdef REFERENCE
#define Py_BUILD_CORE 1
#include <Python.h>
#include <structmember.h>
#include "internal/pycore_context.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_fileutils.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_gc.h"
#include "internal/pycore_global_objects.h"
#include "internal/pycore_hashtable.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_runtime.h"
#include "internal/pycore_code.h"
#define PICK(reference, own) reference
#else
#include "state.h"
#include "base/hashtable.h"
#include "mem/gc.h"
#include "objects/dict/dict.h"
#include "objects/frame.h"
#include "objects/module.h"
#define PICK(reference, own) own
#endif
#include <stddef.h>
#include <stdio.h>

#define SIZE(type) printf("%s %zu\n", #type, sizeof(type));
#define FIELD(type, field) printf("%s.%s %zu %zu\n", #type, #field, offsetof(type, field), sizeof(((type *)0)->field));
#define PAIR(label, type, reference, own) \
    printf("%s %zu %zu\n", label, offsetof(type, PICK(reference, own)), sizeof(((type *)0)->PICK(reference, own)));
#define PAIR2(label, rtype, rfield, otype, ofield) \
    printf("%s %zu %zu\n", label, offsetof(PICK(rtype, otype), PICK(rfield, ofield)), \
           sizeof(((PICK(rtype, otype) *)0)->PICK(rfield, ofield)));
#define PLACE(label, type, reference, own) printf("%s %zu\n", label, offsetof(type, PICK(reference, own)));
#define SIZE2(label, reference, own) printf("%s %zu\n", label, sizeof(PICK(reference, own)));

/* -- Behind the public headers --------------------------------------------------------------- */

static void runtime(void)
{
    SIZE(_PyRuntimeState)
    FIELD(_PyRuntimeState, _initialized)
    FIELD(_PyRuntimeState, preinitializing)
    FIELD(_PyRuntimeState, preinitialized)
    FIELD(_PyRuntimeState, core_initialized)
    FIELD(_PyRuntimeState, initialized)
    PAIR("runtime.finalizing", _PyRuntimeState, _finalizing, finalizing)
    FIELD(_PyRuntimeState, interpreters.mutex)
    FIELD(_PyRuntimeState, interpreters.head)
    FIELD(_PyRuntimeState, interpreters.main)
    FIELD(_PyRuntimeState, interpreters.next_id)
    FIELD(_PyRuntimeState, main_thread)
    FIELD(_PyRuntimeState, exitfuncs)
    FIELD(_PyRuntimeState, nexitfuncs)
    FIELD(_PyRuntimeState, gilstate.check_enabled)
    FIELD(_PyRuntimeState, gilstate.tstate_current)
    PAIR("runtime.auto_interpreter", _PyRuntimeState, gilstate.autoInterpreterState, gilstate.auto_interpreter)
    PAIR("runtime.auto_tss", _PyRuntimeState, gilstate.autoTSSkey, gilstate.auto_tss)
    FIELD(_PyRuntimeState, preconfig)
    FIELD(_PyRuntimeState, open_code_hook)
    PAIR("small_ints", _PyRuntimeState, global_objects.singletons.small_ints, small_ints)
    PLACE("bytes_empty", _PyRuntimeState, global_objects.singletons.bytes_empty, bytes_empty)
    PAIR("bytes_characters", _PyRuntimeState, global_objects.singletons.bytes_characters, bytes_characters)
    PAIR("literals", _PyRuntimeState, global_objects.singletons.strings.literals, literals)
    PAIR("identifiers", _PyRuntimeState, global_objects.singletons.strings.identifiers, identifiers)
    PAIR("ascii", _PyRuntimeState, global_objects.singletons.strings.ascii, ascii)
    PAIR("latin1", _PyRuntimeState, global_objects.singletons.strings.latin1, latin1)
    PLACE("tuple_empty", _PyRuntimeState, global_objects.singletons.tuple_empty, tuple_empty)
    PAIR("literal empty", _PyRuntimeState, global_objects.singletons.strings.literals._empty, literals.s_empty)
    PAIR("id __init__", _PyRuntimeState, global_objects.singletons.strings.identifiers.___init__, identifiers.s___init__)
    PAIR("id send", _PyRuntimeState, global_objects.singletons.strings.identifiers._send, identifiers.s_send)
    PAIR("id write", _PyRuntimeState, global_objects.singletons.strings.identifiers._write, identifiers.s_write)
}

static void interpreter(void)
{
    FIELD(struct _is, next)
    FIELD(struct _is, threads.head)
    FIELD(struct _is, runtime)
    FIELD(struct _is, id)
    PLACE("is.recursion_limit", struct _is, ceval.recursion_limit, recursion_limit)
    PLACE("is.eval_breaker", struct _is, ceval.eval_breaker, eval_breaker)
}

static void frames(void)
{
    SIZE2("frame record", _PyInterpreterFrame, Frame)
#define F(field) PAIR2("frame record." #field, _PyInterpreterFrame, field, Frame, field)
    F(f_func) F(f_globals) F(f_builtins) F(f_locals) F(f_code) F(frame_obj) F(previous) F(prev_instr)
    F(stacktop) F(is_entry) F(owner) F(localsplus)
#undef F
#define F(field) FIELD(PyFrameObject, field)
    SIZE(PyFrameObject)
    F(f_back) F(f_frame) F(f_trace) F(f_lineno) F(f_trace_lines) F(f_trace_opcodes) F(f_fast_as_locals) F(_f_frame_data)
#undef F
}

static void objects(void)
{
    SIZE(PyGC_Head) FIELD(PyGC_Head, _gc_next) FIELD(PyGC_Head, _gc_prev)
#define F(field) FIELD(struct _dictkeysobject, field)
    F(dk_refcnt) F(dk_log2_size) F(dk_log2_index_bytes) F(dk_kind) F(dk_version) F(dk_usable) F(dk_nentries)
#undef F
    SIZE2("dict entry", PyDictKeyEntry, DictEntry)
    SIZE2("dict entry of str", PyDictUnicodeEntry, DictUnicodeEntry)
    PAIR2("dict entry.value", PyDictKeyEntry, me_value, DictEntry, me_value)
    PAIR2("dict entry of str.value", PyDictUnicodeEntry, me_value, DictUnicodeEntry, me_value)
    SIZE(PyModuleObject)
#define F(field) FIELD(PyModuleObject, field)
    F(md_dict) F(md_def) F(md_state) F(md_weaklist) F(md_name)
#undef F
    SIZE(_Py_hashtable_t) SIZE(_Py_hashtable_entry_t) SIZE(_Py_hashtable_allocator_t)
#define F(field) FIELD(_Py_hashtable_t, field)
    F(nentries) F(nbuckets) F(buckets) F(get_entry_func) F(hash_func) F(compare_func) F(key_destroy_func)
    F(value_destroy_func) F(alloc)
#undef F
    FIELD(_Py_hashtable_entry_t, key_hash) FIELD(_Py_hashtable_entry_t, key) FIELD(_Py_hashtable_entry_t, value)
}

/* -- Public ---------------------------------------------------------------------------------- */

static void threads(void)
{
#define F(field) FIELD(PyThreadState, field)
    SIZE(PyThreadState)
    F(prev) F(next) F(interp) F(_initialized) F(_static) F(recursion_remaining) F(recursion_limit) F(recursion_headroom)
    F(tracing) F(tracing_what) F(cframe) F(c_profilefunc) F(c_tracefunc) F(c_profileobj) F(c_traceobj) F(curexc_type)
    F(curexc_value) F(curexc_traceback) F(exc_info) F(dict) F(gilstate_counter) F(async_exc) F(thread_id)
    F(native_thread_id) F(trash_delete_nesting) F(trash_delete_later) F(on_delete) F(on_delete_data)
    F(coroutine_origin_tracking_depth) F(async_gen_firstiter) F(async_gen_finalizer) F(context) F(context_ver) F(id)
    F(trace_info) F(datastack_chunk) F(datastack_top) F(datastack_limit) F(exc_state) F(root_cframe)
#undef F
    SIZE(_PyCFrame) FIELD(_PyCFrame, use_tracing) FIELD(_PyCFrame, current_frame) FIELD(_PyCFrame, previous)
    SIZE(PyConfig) FIELD(PyConfig, run_filename) FIELD(PyConfig, _is_python_build) SIZE(PyPreConfig) SIZE(PyStatus)
}

static void types(void)
{
    SIZE(PyTypeObject) SIZE(PyHeapTypeObject) SIZE(PyObject) SIZE(PyVarObject)
#define F(field) FIELD(PyTypeObject, field)
    F(tp_name) F(tp_basicsize) F(tp_itemsize) F(tp_dealloc) F(tp_vectorcall_offset) F(tp_getattr) F(tp_setattr)
    F(tp_as_async) F(tp_repr) F(tp_as_number) F(tp_as_sequence) F(tp_as_mapping) F(tp_hash) F(tp_call) F(tp_str)
    F(tp_getattro) F(tp_setattro) F(tp_as_buffer) F(tp_flags) F(tp_doc) F(tp_traverse) F(tp_clear) F(tp_richcompare)
    F(tp_weaklistoffset) F(tp_iter) F(tp_iternext) F(tp_methods) F(tp_members) F(tp_getset) F(tp_base) F(tp_dict)
    F(tp_descr_get) F(tp_descr_set) F(tp_dictoffset) F(tp_init) F(tp_alloc) F(tp_new) F(tp_free) F(tp_is_gc) F(tp_bases)
    F(tp_mro) F(tp_cache) F(tp_subclasses) F(tp_weaklist) F(tp_del) F(tp_version_tag) F(tp_finalize) F(tp_vectorcall)
#undef F
#define F(field) FIELD(PyHeapTypeObject, field)
    F(as_async) F(as_number) F(as_mapping) F(as_sequence) F(as_buffer) F(ht_name) F(ht_slots) F(ht_qualname)
    F(ht_cached_keys) F(ht_module) F(_ht_tpname) F(_spec_cache)
#undef F
    SIZE(PyNumberMethods) SIZE(PySequenceMethods) SIZE(PyMappingMethods) SIZE(PyAsyncMethods) SIZE(PyBufferProcs)
    SIZE(PyMemberDef) SIZE(PyGetSetDef) SIZE(PyMethodDef) SIZE(PyModuleDef) SIZE(PyModuleDef_Slot) SIZE(PyType_Spec)
    SIZE(PyType_Slot) SIZE(Py_buffer) SIZE(_PyArg_Parser) SIZE(_PyUnicodeWriter) SIZE(_PyBytesWriter)
}

static void values(void)
{
    SIZE(PyASCIIObject) SIZE(PyCompactUnicodeObject) SIZE(PyUnicodeObject)
    FIELD(PyASCIIObject, length) FIELD(PyASCIIObject, hash) FIELD(PyASCIIObject, state) FIELD(PyASCIIObject, wstr)
    FIELD(PyCompactUnicodeObject, utf8_length) FIELD(PyCompactUnicodeObject, utf8) FIELD(PyUnicodeObject, data)
    SIZE(PyLongObject) FIELD(PyLongObject, ob_digit) SIZE(PyFloatObject) SIZE(PyComplexObject)
    SIZE(PyBytesObject) FIELD(PyBytesObject, ob_sval) SIZE(PyByteArrayObject) FIELD(PyByteArrayObject, ob_exports)
    SIZE(PyTupleObject) FIELD(PyTupleObject, ob_item) SIZE(PyListObject) FIELD(PyListObject, allocated)
    SIZE(PyDictObject) FIELD(PyDictObject, ma_version_tag) FIELD(PyDictObject, ma_keys) FIELD(PyDictObject, ma_values)
    SIZE(PySetObject) FIELD(PySetObject, table) FIELD(PySetObject, smalltable) SIZE(PySliceObject)
    SIZE(PyMemoryViewObject) FIELD(PyMemoryViewObject, view) FIELD(PyMemoryViewObject, ob_array)
    SIZE(PyFunctionObject) FIELD(PyFunctionObject, vectorcall) FIELD(PyFunctionObject, func_version)
    SIZE(PyMethodObject) SIZE(PyCFunctionObject) SIZE(PyCMethodObject) SIZE(PyCellObject) SIZE(PyTracebackObject)
    SIZE(PyGenObject) FIELD(PyGenObject, gi_frame_state) FIELD(PyGenObject, gi_iframe)
    SIZE(PyBaseExceptionObject) SIZE(PyOSErrorObject) SIZE(PySyntaxErrorObject) SIZE(PyUnicodeErrorObject)
    SIZE(PyStopIterationObject) SIZE(PyImportErrorObject) SIZE(PyAttributeErrorObject) SIZE(PyNameErrorObject)
    SIZE(PySystemExitObject) SIZE(PyBaseExceptionGroupObject) SIZE(PyWeakReference)
#define F(field) FIELD(PyCodeObject, field)
    F(co_consts) F(co_names) F(co_exceptiontable) F(co_flags) F(co_warmup) F(_co_linearray_entry_size) F(co_argcount)
    F(co_posonlyargcount) F(co_kwonlyargcount) F(co_stacksize) F(co_firstlineno) F(co_nlocalsplus) F(co_nlocals)
    F(co_nplaincellvars) F(co_ncellvars) F(co_nfreevars) F(co_localsplusnames) F(co_localspluskinds) F(co_filename)
    F(co_name) F(co_qualname) F(co_linetable) F(co_weakreflist) F(_co_code) F(_co_linearray) F(_co_firsttraceable)
    F(co_extra) F(co_code_adaptive)
#undef F
}

int main(void)
{
    runtime();
    interpreter();
    frames();
    objects();
    threads();
    types();
    values();
    return 0;
}
