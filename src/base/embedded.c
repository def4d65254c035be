#include "base/embedded.h"

#include <string.h>

const dr_embedded *dr_embedded_find(const char *name)
{
    for (size_t i = 0; i < dr_embedded_count; i++)
        if (strcmp(dr_embedded_files[i].name, name) == 0)
            return &dr_embedded_files[i];
    return NULL;
}
