#include "serve/worlds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/portable.h"

/* ---- All worlds -------------------------------------------------------------------------------------------------- */

static dr_status check_names(const serve_worlds *worlds)
{
    for (size_t i = 0; i < worlds->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(worlds->of[i]->word, worlds->of[j]->word) == 0)
                return dr_fail(DR_USAGE, "serve: '%s' and '%s' have the same name, by which the page calls them",
                               worlds->of[j]->path, worlds->of[i]->path);
    return DR_OK;
}

dr_status serve_worlds_open(serve_worlds *out, const char *const *paths, size_t count, bool store, serve_note *note,
                            void *user)
{
    *out = (serve_worlds){.of = dr_new(count, sizeof(void *)), .note = note, .user = user};
    if (!out->of)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        DR_TRY(serve_context_new(&out->of[i], paths[i], store));
        out->of[i]->all = out;
        out->count++;
    }
    return check_names(out);
}

void serve_worlds_free(serve_worlds *worlds)
{
    for (size_t i = 0; i < worlds->count; i++)
        serve_context_free(worlds->of[i]);
    free(worlds->of);
}

serve_context *serve_worlds_find(const serve_worlds *worlds, const char *name, size_t length)
{
    for (size_t i = 0; i < worlds->count; i++)
        if (strlen(worlds->of[i]->word) == length && strncmp(worlds->of[i]->word, name, length) == 0)
            return worlds->of[i];
    return NULL;
}

/* ---- A file that takes the place of another ---------------------------------------------------------------------- */

static void tell(const serve_context *context, const char *what)
{
    char line[1024];
    const serve_worlds *worlds = context->all;
    snprintf(line, sizeof line, "%s %s", context->name, what);
    if (worlds->note)
        worlds->note(line, worlds->user);
}

/* Opens the file that is there now: DuckDB takes a file by its name for the one that it has open already. */
static dr_status open_new(dr_world **out, const char *path)
{
    char name[DR_DESCRIPTOR_PATH_SIZE];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return dr_fail(DR_MACHINE, "%s", strerror(errno));
    dr_status status = dr_world_open(out, dr_descriptor_path(name, file));
    close(file);
    return status;
}

/* With `files` held for writing. Each file is looked at once. */
static void take_up(serve_context *context)
{
    dr_world *world = NULL;
    serve_mark_file(context);
    if (open_new(&world, context->path) != DR_OK) {
        tell(context, "was replaced by a file that is no world; the one before is served");
        return;
    }
    size_t years = dr_world_years(world);
    context->last_year = years ? dr_world_year(world, years - 1) : 0;
    dr_world_close(world);
    serve_close_worlds(context);
    atomic_fetch_add(&context->replaced, 1);
    atomic_fetch_add(&context->stored, 1);
    serve_cache_empty(context->cache);
    tell(context, "was replaced; the new file is served from now on");
}

void serve_world_refresh(serve_context *context)
{
    if (!serve_file_differs(context))
        return;
    dr_pause_hold();
    pthread_rwlock_wrlock(&context->files);
    if (serve_file_differs(context))
        take_up(context);
    pthread_rwlock_unlock(&context->files);
    dr_pause_release();
}
