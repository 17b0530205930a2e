/* SPDX-License-Identifier: MIT
 *
 * Internal documentation strings: "name(signature)\n--\n\ntext" is split into __text_signature__
 * and __doc__.
 */
#include "objects/type/type_impl.h"

#include <string.h>

#define SIGNATURE_END ")\n--\n\n"

/* The text after "name" when `doc` starts with name and "(", else NULL. */
static const char *after_name(const char *name, const char *doc)
{
    const char *dot = strrchr(name, '.');
    name = dot ? dot + 1 : name;
    size_t n = strlen(name);
    return strncmp(doc, name, n) == 0 && doc[n] == '(' ? doc + n : NULL;
}

/* The text after the signature; NULL when there is none. A blank
   line before the marker means: no signature. */
static const char *after_signature(const char *doc)
{
    for (; *doc; doc++) {
        if (*doc == *SIGNATURE_END && strncmp(doc, SIGNATURE_END, sizeof(SIGNATURE_END) - 1) == 0) {
            return doc + sizeof(SIGNATURE_END) - 1;
        }
        if (*doc == '\n' && doc[1] == '\n') {
            return NULL;
        }
    }
    return NULL;
}

const char *doc_without_signature(const char *name, const char *doc)
{
    const char *signature = after_name(name, doc),
               *text = signature ? after_signature(signature) : NULL;
    return text ? text : doc;
}

PyObject *_PyType_GetDocFromInternalDoc(const char *name, const char *doc)
{
    const char *text = doc ? doc_without_signature(name, doc) : NULL;
    if (text == NULL || *text == '\0') {
        Py_RETURN_NONE;
    }
    return PyUnicode_FromString(text);
}

PyObject *_PyType_GetTextSignatureFromInternalDoc(const char *name, const char *doc)
{
    const char *start = doc ? after_name(name, doc) : NULL,
               *end = start ? after_signature(start) : NULL;
    if (end == NULL) {
        Py_RETURN_NONE;
    }
    /* Keep the closing parenthesis, drop the rest of the marker. */
    return PyUnicode_FromStringAndSize(start,
                                       end - (Py_ssize_t)(sizeof(SIGNATURE_END) - 2) - start);
}
