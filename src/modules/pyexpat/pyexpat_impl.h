/* SPDX-License-Identifier: MIT
 *
 * Module pyexpat: what its files share. parser.c is the type, handlers.c calls Python from expat,
 * pyexpat.c is the module.
 */
#ifndef VITRO_PYEXPAT_IMPL_H
#define VITRO_PYEXPAT_IMPL_H

#include "modules/args.h"
#include "state.h"
#include <expat.h>

/* The handlers: attribute NameHandler, index H_Name. */
#define HANDLERS(X) \
    X(StartElement) X(EndElement) X(ProcessingInstruction) X(CharacterData) X(UnparsedEntityDecl) \
    X(NotationDecl) X(StartNamespaceDecl) X(EndNamespaceDecl) X(Comment) X(StartCdataSection) \
    X(EndCdataSection) X(Default_) X(DefaultHandlerExpand) X(NotStandalone) \
    X(ExternalEntityRef) X(StartDoctypeDecl) X(EndDoctypeDecl) \
    X(EntityDecl) X(XmlDecl) X(ElementDecl) X(AttlistDecl) X(SkippedEntity)

enum handler {
#define X(name) H_##name,
    HANDLERS(X)
#undef X
    HANDLER_COUNT
};

typedef struct parser {
    PyObject_HEAD
    XML_Parser expat;                  /* owned */
    struct parser *parent;             /* strong, MAYBE_NULL: whose tables this one reads */
    bool ordered_attributes, specified_attributes, namespace_prefixes;
    bool in_callback;                  /* a handler is running */
    char *buffer;                      /* owned: text not yet reported; NULL: do not collect */
    int buffer_size, buffer_used;
    PyObject *intern;                  /* strong dict of names, MAYBE_NULL */
    PyObject *handlers[HANDLER_COUNT]; /* strong, MAYBE_NULL */
} Parser;

typedef struct {
    PyTypeObject *parser_type; /* strong */
    PyObject *error;           /* strong */
} State;

/* -- handlers.c ------------------------------------------------------------------------------ */

/* Makes expat call `which` (or no longer). */
extern void pyexpat_install(Parser *self, enum handler which, bool on);
/* Reports the collected character data. */
extern int pyexpat_flush(Parser *self);
/* Drops all Python handlers, so that expat calls nothing more. */
extern void pyexpat_clear_handlers(Parser *self);
/* Text that nobody wants. Installed instead of NULL, which expat does not expect there. */
extern void pyexpat_ignore_text(void *data, const XML_Char *text, int n);
extern int pyexpat_unknown_encoding(void *data, const XML_Char *name, XML_Encoding *info);

/* -- parser.c -------------------------------------------------------------------------------- */

extern PyType_Spec pyexpat_parser_spec;
extern PyObject *pyexpat_parser_new(State *state, const char *encoding, const char *separator,
                                    PyObject *intern);

/* Text of expat; NULL gives None. */
static inline PyObject *pyexpat_text(const XML_Char *text)
{
    return text ? PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "strict")
                : Py_NewRef(Py_None);
}

#endif
