#include "import/beside.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/stream.h"

enum { LEVELS = 3 };

/* In a folder on disk, without what is below it. */
static char *find_on_disk(const char *folder, const char *pattern)
{
    char *found = NULL;
    DIR *stream = opendir(folder);
    for (struct dirent *entry = stream ? readdir(stream) : NULL; entry; entry = readdir(stream)) {
        char *path = NULL;
        if (fnmatch(pattern, entry->d_name, FNM_CASEFOLD) != 0 || asprintf(&path, "%s/%s", folder, entry->d_name) < 0)
            continue;
        if (found && strcmp(found, path) < 0) /* the last by name: of several editions the newest */
            free(found);
        else if (found) {
            free(path);
            continue;
        }
        found = path;
    }
    if (stream)
        closedir(stream);
    return found;
}

/* In an archive or a folder of one. */
static char *find_inside(const char *folder, const char *pattern)
{
    dr_names files = {0};
    char *found = NULL;
    if (dr_files_list(&files, folder) == DR_OK)
        for (size_t i = 0; i < files.count && !found; i++) {
            const char *name = strrchr(files.names[i], '/');
            if (name && fnmatch(pattern, name + 1, FNM_CASEFOLD) == 0)
                found = strdup(files.names[i]);
        }
    dr_names_free(&files);
    return found;
}

static char *find_in(const char *folder, const char *pattern, const char *archive)
{
    DIR *disk = opendir(folder);
    char *found = disk ? find_on_disk(folder, pattern) : find_inside(folder, pattern), *holder = NULL;
    if (disk && !found && archive)
        holder = find_on_disk(folder, archive);
    if (holder)
        found = find_inside(holder, pattern);
    free(holder);
    if (disk)
        closedir(disk);
    return found;
}

dr_status dr_beside_find(char **out, const char *path, const char *pattern, const char *archive)
{
    char *folder = NULL;
    *out = NULL;
    if (asprintf(&folder, "%s%s", *path == '/' || strncmp(path, "./", 2) == 0 ? "" : "./", path) < 0)
        return dr_fail_memory();
    for (int level = 0; level < LEVELS && !*out; level++) {
        char *slash = strrchr(folder, '/');
        if (!slash || slash == folder)
            break;
        *slash = '\0';
        *out = find_in(folder, pattern, archive);
    }
    free(folder);
    if (*out && *path != '/' && strncmp(path, "./", 2) != 0) /* as the path was given */
        memmove(*out, *out + 2, strlen(*out + 2) + 1);
    return DR_OK;
}
