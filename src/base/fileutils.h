/* SPDX-License-Identifier: MIT
 *
 * File descriptors, paths and locale text, for code that may run before any object exists.
 *
 * Reading order: _Py_GetErrorHandler; decoding and encoding; descriptors; paths.
 * Ownership: text results are the caller's (PyMem_RawFree unless said otherwise).
 * Thread rule: text and paths need no lock; what returns an object or raises needs it.
 */
#ifndef VITRO_FILEUTILS_H
#define VITRO_FILEUTILS_H

#include "vitro.h"
#include <locale.h>
#include <sys/stat.h>

/* Names of error handlers that work without the codec registry; the numbers are known outside. */
typedef enum {
    _Py_ERROR_UNKNOWN = 0,
    _Py_ERROR_STRICT,
    _Py_ERROR_SURROGATEESCAPE,
    _Py_ERROR_REPLACE,
    _Py_ERROR_IGNORE,
    _Py_ERROR_BACKSLASHREPLACE,
    _Py_ERROR_SURROGATEPASS,
    _Py_ERROR_XMLCHARREFREPLACE,
    _Py_ERROR_OTHER
} _Py_error_handler;

extern EXPORT _Py_error_handler _Py_GetErrorHandler(const char *errors);

/* Text. Returns 0; -1 no memory; -2 undecodable (*wlen or *error_pos says where, *reason why); -3
   handler unknown. Results are for PyMem_RawFree unless raw_malloc is 0. */
extern EXPORT int _Py_DecodeLocaleEx(const char *arg, wchar_t **wstr, size_t *wlen,
                                     const char **reason, int current_locale,
                                     _Py_error_handler errors);
extern EXPORT int _Py_EncodeLocaleEx(const wchar_t *text, char **str, size_t *error_pos,
                                     const char **reason, int current_locale,
                                     _Py_error_handler errors);
extern EXPORT char *_Py_EncodeLocaleRaw(const wchar_t *text, size_t *error_pos);
/* Always UTF-8, whatever the locale says. */
extern EXPORT int _Py_DecodeUTF8Ex(const char *arg, Py_ssize_t arglen, wchar_t **wstr, size_t *wlen,
                                   const char **reason, _Py_error_handler errors);
extern EXPORT int _Py_EncodeUTF8Ex(const wchar_t *text, char **str, size_t *error_pos,
                                   const char **reason, int raw_malloc, _Py_error_handler errors);
extern EXPORT wchar_t *_Py_DecodeUTF8_surrogateescape(const char *arg, Py_ssize_t arglen,
                                                      size_t *wlen);
/* Does this system's C locale lie about its encoding? Asked once; Reset forgets the answer. */
extern EXPORT int _Py_GetForceASCII(void);
extern EXPORT void _Py_ResetForceASCII(void);
/* Name of the encoding of LC_CTYPE. */
extern EXPORT wchar_t *_Py_GetLocaleEncoding(void);
extern EXPORT PyObject *_Py_GetLocaleEncodingObject(void);
/* Two strong references, or -1 with neither. */
extern EXPORT int _Py_GetLocaleconvNumeric(struct lconv *lc, PyObject **decimal_point,
                                           PyObject **thousands_sep);
/* Encoding of a terminal; None when fd is not one. */
extern EXPORT PyObject *_Py_device_encoding(int fd);

/* Descriptors. Functions without _noraise raise OSError and need the lock. */
extern EXPORT int _Py_fstat(int fd, struct stat *status);
extern EXPORT int _Py_fstat_noraise(int fd, struct stat *status);
extern EXPORT int _Py_stat(PyObject *path, struct stat *status);
extern EXPORT int _Py_open(const char *path, int flags);
extern EXPORT int _Py_open_noraise(const char *path, int flags);
extern EXPORT FILE *_Py_wfopen(const wchar_t *path, const wchar_t *mode);
extern EXPORT FILE *_Py_fopen_obj(PyObject *path, const char *mode);
/* Repeated when a signal interrupts them (PEP 475). At most PY_SSIZE_T_MAX bytes. */
extern EXPORT Py_ssize_t _Py_read(int fd, void *buf, size_t count);
extern EXPORT Py_ssize_t _Py_write(int fd, const void *buf, size_t count);
extern EXPORT Py_ssize_t _Py_write_noraise(int fd, const void *buf, size_t count);
/* PEP 446. *atomic_flag_works: -1 not known yet, 0 the kernel ignored O_CLOEXEC, 1 it obeys; may be
   NULL. The async_safe form raises nothing: a child calls it between fork and exec. */
extern EXPORT int _Py_get_inheritable(int fd);
extern EXPORT int _Py_set_inheritable(int fd, int inheritable, int *atomic_flag_works);
extern EXPORT int _Py_set_inheritable_async_safe(int fd, int inheritable, int *atomic_flag_works);
extern EXPORT int _Py_dup(int fd);
extern EXPORT int _Py_get_blocking(int fd);
extern EXPORT int _Py_set_blocking(int fd, int blocking);
/* Closes first .. last, both included; errors are ignored. */
extern EXPORT void _Py_closerange(int first, int last);

/* Paths. Errors: -1 or NULL with errno; a result that does not fit the buffer is EINVAL. */
extern EXPORT int _Py_wreadlink(const wchar_t *path, wchar_t *buf, size_t buflen);
extern EXPORT wchar_t *_Py_wrealpath(const wchar_t *path, wchar_t *resolved, size_t resolved_len);
extern EXPORT wchar_t *_Py_wgetcwd(wchar_t *buf, size_t buflen);
/* In place: "." and "dir/.." and doubled slashes go; size < 0: up to the NUL. */
extern EXPORT wchar_t *_Py_normpath(wchar_t *path, Py_ssize_t size);
/* stat for a wide path: 0, or -1 with errno. */
int file_wstat(const wchar_t *path, struct stat *status);

#endif
