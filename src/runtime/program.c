/* SPDX-License-Identifier: MIT
 *
 * The executable: everything else is a library.
 */
#include "vitro.h"

int main(int argc, char **argv) { return Py_BytesMain(argc, argv); }
