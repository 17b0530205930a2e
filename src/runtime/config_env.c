/* SPDX-License-Identifier: MIT
 *
 * The old global switches, and environment variables: small readers that both configurations use.
 *
 * The Py_…Flag variables are the embedding interface of before PyConfig: a compatible configuration
 * starts from them, and every configuration is written back to them.
 */
#include "runtime/rt.h"

int Py_UTF8Mode = 0;
int Py_DebugFlag = 0;
int Py_VerboseFlag = 0;
int Py_QuietFlag = 0;
int Py_InteractiveFlag = 0;
int Py_InspectFlag = 0;
int Py_OptimizeFlag = 0;
int Py_NoSiteFlag = 0;
int Py_BytesWarningFlag = 0;
int Py_FrozenFlag = 0;
int Py_IgnoreEnvironmentFlag = 0;
int Py_DontWriteBytecodeFlag = 0;
int Py_NoUserSiteDirectory = 0;
int Py_UnbufferedStdioFlag = 0;
int Py_HashRandomizationFlag = 0;
int Py_IsolatedFlag = 0;

/* A variable set to the empty string counts as not set. */
const char *_Py_GetEnv(int use_environment, const char *name)
{
    const char *value = use_environment > 0 ? getenv(name) : NULL;
    return value && *value ? value : NULL;
}

EXPORT char *Py_GETENV(const char *name)
{
    return Py_IgnoreEnvironmentFlag ? NULL : getenv(name);
}

int _Py_str_to_int(const char *str, int *result)
{
    char *end;
    errno = 0;
    long value = strtol(str, &end, 10);
    if (*end || errno == ERANGE || value < INT_MIN || value > INT_MAX)
        return -1;
    *result = (int)value;
    return 0;
}

/* A variable raises a flag to its number; text that is no number counts as 1. */
void _Py_get_env_flag(int use_environment, int *flag, const char *name)
{
    const char *text = _Py_GetEnv(use_environment, name);
    int value;
    if (!text)
        return;
    if (_Py_str_to_int(text, &value) < 0 || value < 0)
        value = 1;
    if (*flag < value)
        *flag = value;
}

/* The last -X option of that name ("name" or "name=value"), BORROWED, or NULL. */
const wchar_t *_Py_get_xoption(const PyWideStringList *xoptions, const wchar_t *name)
{
    size_t len = wcslen(name);
    for (Py_ssize_t i = 0; i < xoptions->length; i++) {
        const wchar_t *option = xoptions->items[i], *sep = wcschr(option, L'=');
        size_t n = sep ? (size_t)(sep - option) : wcslen(option);
        if (n == len && wcsncmp(option, name, len) == 0)
            return option;
    }
    return NULL;
}
