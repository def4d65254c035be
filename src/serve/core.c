#include "serve/core.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "world/world.h"

static const serve_limits default_limits = {.body = 1 << 20, .seconds = 120, .draws = 10000};

static dr_status fill(serve_core *core, const char *path)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, path));
    size_t years = dr_world_years(world);
    core->last_year = years ? dr_world_year(world, years - 1) : 0;
    dr_world_close(world);
    core->path = strdup(path);
    if (!core->path)
        return dr_fail_memory();
    const char *slash = strrchr(core->path, '/');
    core->name = slash ? slash + 1 : core->path;
    return serve_cache_new(&core->cache);
}

dr_status serve_core_new(serve_core **out, const char *path, bool store)
{
    serve_core *core = dr_new(1, sizeof *core);
    if (!core)
        return dr_fail_memory();
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    core->store = store;
    core->started = dr_seconds();
    core->limits = default_limits;
    core->limits.queue = 16 * (size_t)(cores > 0 ? cores : 1);
    pthread_rwlock_init(&core->files, NULL);
    pthread_mutex_init(&core->lock, NULL);
    dr_status status = fill(core, path);
    if (status == DR_OK)
        *out = core;
    else
        serve_core_free(core);
    return status;
}

void serve_core_free(serve_core *core)
{
    if (!core)
        return;
    serve_cache_free(core->cache);
    pthread_rwlock_destroy(&core->files);
    pthread_mutex_destroy(&core->lock);
    free(core->path);
    free(core);
}

/* ---- Desks ------------------------------------------------------------------------------------------------------------- */

dr_status serve_desk_new(serve_desk **out, serve_core *core)
{
    serve_desk *desk = dr_new(1, sizeof *desk);
    if (!desk)
        return dr_fail_memory();
    desk->core = core;
    pthread_mutex_lock(&core->lock);
    desk->next = core->desks;
    core->desks = desk;
    pthread_mutex_unlock(&core->lock);
    *out = desk;
    return DR_OK;
}

void serve_desk_free(serve_desk *desk)
{
    if (!desk)
        return;
    serve_core *core = desk->core;
    pthread_mutex_lock(&core->lock);
    serve_desk **at = &core->desks;
    while (*at != desk)
        at = &(*at)->next;
    *at = desk->next;
    pthread_mutex_unlock(&core->lock);
    dr_world_close(desk->world);
    free(desk);
}

static dr_status open_world(serve_desk *desk)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, desk->core->path));
    dr_status status = dr_world_set_name(world, desk->core->name);
    if (status != DR_OK) {
        dr_world_close(world);
        return status;
    }
    desk->world = world;
    desk->uses = 1;
    return DR_OK;
}

dr_status serve_world_take(serve_desk *desk, dr_world **out)
{
    enum { MOST_USES = 200 }; /* DuckDB keeps some 10 kB of each query until its file is closed */
    serve_core *core = desk->core;
    pthread_rwlock_rdlock(&core->files);
    if (++desk->uses > MOST_USES) {
        dr_world_close(desk->world);
        desk->world = NULL;
    }
    dr_status status = desk->world ? DR_OK : open_world(desk);
    if (status == DR_OK)
        *out = desk->world;
    else
        pthread_rwlock_unlock(&core->files);
    return status;
}

void serve_world_give(serve_desk *desk)
{
    pthread_rwlock_unlock(&desk->core->files);
}

/* ---- Storing ----------------------------------------------------------------------------------------------------------- */

/* A world is open for reading or for writing, not for both. */
static void close_worlds(serve_core *core)
{
    pthread_mutex_lock(&core->lock);
    for (serve_desk *desk = core->desks; desk; desk = desk->next) {
        dr_world_close(desk->world);
        desk->world = NULL;
    }
    pthread_mutex_unlock(&core->lock);
}

dr_status serve_store(serve_desk *desk, const dr_solution *solution, const char *name)
{
    serve_core *core = desk->core;
    pthread_rwlock_wrlock(&core->files);
    close_worlds(core);
    dr_status status = dr_solution_store(solution, core->path, name);
    atomic_fetch_add(&core->stored, 1);
    pthread_rwlock_unlock(&core->files);
    return status;
}
