#include "options/result_rows.h"

#include <stddef.h>

const char *const option_stored_tables[] = {"regions",       "money",   "sectors", "flows",
                                            "decomposition", "factors", "curbs",   NULL};
