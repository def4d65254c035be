/* Files that belong to a table and lie beside it: in its folder, in the folder above, or beside its archive. */
#ifndef DR_IMPORT_BESIDE_H
#define DR_IMPORT_BESIDE_H

#include "base/error.h"

/* The path of the file nearest to `path` whose name is like the pattern ('*' is any text), in *out, NULL: there is
 * none. `archive`, where it is not NULL, is the name of an archive that may hold it. Free *out. Errors: DR_MACHINE. */
dr_status dr_beside_find(char **out, const char *path, const char *pattern, const char *archive);

#endif
