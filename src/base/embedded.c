#include "base/embedded.h"

#include <string.h>

const dr_embedded *dr_embedded_find(const char *name)
{
    for (size_t i = 0; i < dr_embedded_count; i++)
        if (strcmp(dr_embedded_files[i].name, name) == 0)
            return &dr_embedded_files[i];
    return NULL;
}

/* The file's own name, if it is an example. */
static const char *example_name(const dr_embedded *file)
{
    static const char *const folders[] = {"games/", "scenarios/", "shocks/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(file->name, folders[i], strlen(folders[i])) == 0)
            return file->name + strlen(folders[i]);
    return NULL;
}

const dr_embedded *dr_embedded_example(const char *name)
{
    for (size_t i = 0; i < dr_embedded_count; i++) {
        const char *file = example_name(&dr_embedded_files[i]);
        size_t size = strlen(name);
        if (file && size > 0 && strncmp(file, name, size) == 0 && (!file[size] || strcmp(file + size, ".yaml") == 0))
            return &dr_embedded_files[i];
    }
    return NULL;
}

size_t dr_embedded_examples(const char **names, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < dr_embedded_count && count < most; i++)
        if ((names[count] = example_name(&dr_embedded_files[i])))
            count++;
    return count;
}
