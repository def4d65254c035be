#include "serve/context.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "world/world.h"

static const serve_limits default_limits = {.body = 1 << 20, .seconds = 120, .queue = 256, .draws = 10000};

static dr_status fill(serve_context *context)
{
    dr_world *world = NULL;
    if (!context->path)
        return dr_fail_memory();
    DR_TRY(dr_world_open(&world, context->path));
    size_t years = dr_world_years(world);
    context->last_year = years ? dr_world_year(world, years - 1) : 0;
    dr_world_close(world);
    const char *slash = strrchr(context->path, '/');
    context->name = slash ? slash + 1 : context->path;
    const char *dot = strrchr(context->name, '.');
    context->word = strndup(context->name, dot && dot > context->name ? (size_t)(dot - context->name) : SIZE_MAX);
    return context->word ? serve_cache_new(&context->cache) : dr_fail_memory();
}

dr_status serve_context_new(serve_context **out, const char *path, bool store)
{
    serve_context *context = dr_new(1, sizeof *context);
    if (!context)
        return dr_fail_memory();
    context->store = store;
    context->started = dr_seconds();
    context->limits = default_limits;
    context->path = strdup(path);
    pthread_rwlock_init(&context->files, NULL);
    pthread_mutex_init(&context->lock, NULL);
    serve_mark_file(context);
    dr_status status = fill(context);
    if (status == DR_OK)
        *out = context;
    else
        serve_context_free(context);
    return status;
}

void serve_context_free(serve_context *context)
{
    if (!context)
        return;
    serve_cache_free(context->cache);
    for (serve_session *session = context->sessions, *next; session; session = next) {
        next = session->next;
        dr_world_close(session->world);
        free(session);
    }
    pthread_rwlock_destroy(&context->files);
    pthread_mutex_destroy(&context->lock);
    free(context->word);
    free(context->path);
    free(context);
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static bool look(serve_mark *out, const char *path)
{
    struct stat is;
    if (!path || stat(path, &is) != 0)
        return false;
    *out = (serve_mark){is.st_dev, is.st_ino, is.st_size, is.st_mtim};
    return true;
}

bool serve_file_differs(serve_context *context)
{
    serve_mark now;
    if (!look(&now, context->path))
        return false;
    pthread_mutex_lock(&context->lock);
    const serve_mark *then = &context->mark;
    bool same = now.device == then->device && now.number == then->number && now.size == then->size &&
                now.changed.tv_sec == then->changed.tv_sec && now.changed.tv_nsec == then->changed.tv_nsec;
    pthread_mutex_unlock(&context->lock);
    return !same;
}

void serve_mark_file(serve_context *context)
{
    serve_mark now;
    if (!look(&now, context->path))
        return;
    pthread_mutex_lock(&context->lock);
    context->mark = now;
    pthread_mutex_unlock(&context->lock);
}

/* ---- Sessions ---------------------------------------------------------------------------------------------------- */

static serve_session *find_session(serve_context *context)
{
    serve_session *session = context->sessions;
    while (session && session->taken)
        session = session->next;
    if (session || !(session = dr_new(1, sizeof *session)))
        return session;
    session->context = context;
    session->next = context->sessions;
    context->sessions = session;
    return session;
}

dr_status serve_session_take(serve_session **out, serve_context *context)
{
    pthread_mutex_lock(&context->lock);
    serve_session *session = find_session(context);
    if (session)
        session->taken = true;
    pthread_mutex_unlock(&context->lock);
    *out = session;
    return session ? DR_OK : dr_fail_memory();
}

void serve_session_give(serve_session *session)
{
    if (!session)
        return;
    pthread_mutex_lock(&session->context->lock);
    session->taken = false;
    pthread_mutex_unlock(&session->context->lock);
}

static dr_status open_world(serve_session *session)
{
    dr_world *world = NULL;
    DR_TRY(dr_world_open(&world, session->context->path));
    dr_status status = dr_world_set_name(world, session->context->name);
    if (status != DR_OK) {
        dr_world_close(world);
        return status;
    }
    session->world = world;
    session->uses = 1;
    return DR_OK;
}

dr_status serve_world_take(serve_session *session, dr_world **out)
{
    enum { MOST_USES = 200 }; /* DuckDB keeps about 10 kB of each query until its file is closed */
    serve_context *context = session->context;
    dr_pause_hold();
    pthread_rwlock_rdlock(&context->files);
    if (++session->uses > MOST_USES) {
        dr_world_close(session->world);
        session->world = NULL;
    }
    dr_status status = session->world ? DR_OK : open_world(session);
    if (status == DR_OK)
        *out = session->world;
    else
        serve_world_give(session);
    return status;
}

void serve_world_give(serve_session *session)
{
    pthread_rwlock_unlock(&session->context->files);
    dr_pause_release();
}

/* ---- Storing ----------------------------------------------------------------------------------------------------- */

/* DuckDB opens a file either for reading or for writing. */
void serve_close_worlds(serve_context *context)
{
    pthread_mutex_lock(&context->lock);
    for (serve_session *session = context->sessions; session; session = session->next) {
        dr_world_close(session->world);
        session->world = NULL;
    }
    pthread_mutex_unlock(&context->lock);
}

dr_status serve_store(serve_session *session, const dr_solution *solution, const dr_scenario *scenario,
                      const char *name)
{
    serve_context *context = session->context;
    dr_pause_hold();
    pthread_rwlock_wrlock(&context->files);
    serve_close_worlds(context);
    dr_status status = dr_solution_store(solution, scenario, context->path, name);
    atomic_fetch_add(&context->stored, 1);
    serve_mark_file(context);
    pthread_rwlock_unlock(&context->files);
    dr_pause_release();
    return status;
}
