/* SPDX-License-Identifier: MIT
 *
 * Key tables: what caches and instances rest on, and no Python program sees.
 */
#include "objects/dict/dict.h"
#include "unit.h"

static PyObject *name_of(int i) { return PyUnicode_FromFormat("name_%d", i); }

static void fill(PyObject *dict, int from, int to)
{
    for (int i = from; i < to; i++) {
        PyObject *name = name_of(i), *value = PyLong_FromLong(i);
        PyDict_SetItem(dict, name, value);
        Py_DECREF(name);
        Py_DECREF(value);
    }
}

static void lookups_agree_after_growth_and_deletion(void)
{
    PyObject *dict = PyDict_New();
    fill(dict, 0, 2000);
    for (int i = 0; i < 2000; i += 3) {
        PyObject *name = name_of(i);
        CHECK_EQ(PyDict_DelItem(dict, name), 0);
        Py_DECREF(name);
    }
    CHECK_EQ(PyDict_GET_SIZE(dict), 2000 - 667);
    CHECK(dict_fault((PyDictObject *)dict) == NULL);
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    CHECK_EQ(keys->dk_kind, DICT_KEYS_UNICODE);
    for (int i = 0; i < 2000; i++) {
        PyObject *name = name_of(i), *value;
        Py_ssize_t at = dict_lookup((PyDictObject *)dict, name, PyObject_Hash(name), &value);
        CHECK_EQ(at == DKIX_EMPTY, i % 3 == 0);
        CHECK(i % 3 == 0 ? value == NULL : PyLong_AsLong(value) == i);
        Py_DECREF(name);
    }
    Py_DECREF(dict);
}

static void a_key_that_is_no_str_makes_the_table_general(void)
{
    PyObject *dict = PyDict_New(), *one = PyLong_FromLong(1);
    fill(dict, 0, 3);
    CHECK(dict_keys_version_ensure(((PyDictObject *)dict)->ma_keys) != 0);
    PyDict_SetItem(dict, one, one);
    CHECK_EQ(((PyDictObject *)dict)->ma_keys->dk_kind, DICT_KEYS_GENERAL);
    CHECK_EQ(dict_keys_version_ensure(((PyDictObject *)dict)->ma_keys), 0);
    CHECK(dict_fault((PyDictObject *)dict) == NULL);
    Py_DECREF(dict);
    Py_DECREF(one);
}

/* A cache holds the version of a table: any change of its keys must take it away, a change of a value must not. */
static void versions_follow_the_keys(void)
{
    PyObject *dict = PyDict_New(), *name = name_of(0);
    fill(dict, 0, 3);
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    uint32_t version = dict_keys_version_ensure(keys);
    CHECK(version != 0 && dict_keys_version_ensure(keys) == version);
    uint64_t stamp = ((PyDictObject *)dict)->ma_version_tag;
    PyDict_SetItem(dict, name, Py_None);
    CHECK_EQ(keys->dk_version, version);
    CHECK(((PyDictObject *)dict)->ma_version_tag != stamp);
    fill(dict, 3, 4);
    CHECK(((PyDictObject *)dict)->ma_keys->dk_version != version);
    version = dict_keys_version_ensure(((PyDictObject *)dict)->ma_keys);
    PyDict_DelItem(dict, name);
    CHECK(((PyDictObject *)dict)->ma_keys->dk_version != version);
    Py_DECREF(dict);
    Py_DECREF(name);
}

static void instances_share_keys_until_they_are_too_many(void)
{
    PyObject *globals = PyDict_New();
    PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins());
    PyObject *done = PyRun_String("class C: pass\na, b = C(), C()\na.x = 1; a.y = 2\nb.x = 3\n", Py_file_input,
                                  globals, globals);
    CHECK(done != NULL);
    PyObject *a = PyDict_GetItemString(globals, "a"), *b = PyDict_GetItemString(globals, "b");
    CHECK(*object_values_slot(a) != NULL && *object_dict_slot(a) == NULL);
    CHECK(object_values_fault(a) == NULL && object_values_fault(b) == NULL);
    PyObject *dict = object_dict_ensure(a), *other = object_dict_ensure(b);
    CHECK(((PyDictObject *)dict)->ma_keys == ((PyDictObject *)other)->ma_keys);
    CHECK_EQ(((PyDictObject *)dict)->ma_keys->dk_kind, DICT_KEYS_SPLIT);
    CHECK_EQ(PyDict_GET_SIZE(dict), 2);
    CHECK_EQ(PyDict_GET_SIZE(other), 1);
    for (int i = 0; i < 2 * SHARED_KEYS_MAX_SIZE; i++) {
        PyObject *name = name_of(i);
        CHECK_EQ(PyObject_SetAttr(b, name, name), 0);
        Py_DECREF(name);
    }
    CHECK(((PyDictObject *)other)->ma_keys != ((PyDictObject *)dict)->ma_keys);
    CHECK_EQ(PyDict_GET_SIZE(other), 1 + 2 * SHARED_KEYS_MAX_SIZE);
    CHECK(dict_fault((PyDictObject *)dict) == NULL && dict_fault((PyDictObject *)other) == NULL);
    Py_XDECREF(done);
    Py_DECREF(dict);
    Py_DECREF(other);
    Py_DECREF(globals);
}

TESTS(unit_start_interpreter, lookups_agree_after_growth_and_deletion, a_key_that_is_no_str_makes_the_table_general,
      versions_follow_the_keys, instances_share_keys_until_they_are_too_many)
