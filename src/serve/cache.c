#include "serve/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct serve_kept {
    const serve_kind *kind;
    char *name;
    void *thing; /* NULL: being made */
    size_t users;
    serve_kept *next; /* used before this one */
};

struct serve_cache {
    pthread_mutex_t lock;
    pthread_cond_t made; /* something was, or could not be */
    serve_kept *first;   /* the last used */
};

dr_status serve_cache_new(serve_cache **out)
{
    serve_cache *cache = dr_new(1, sizeof *cache);
    if (!cache)
        return dr_fail_memory();
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->made, NULL);
    *out = cache;
    return DR_OK;
}

static void kept_free(serve_kept *kept)
{
    if (!kept)
        return;
    if (kept->thing)
        kept->kind->free(kept->thing);
    free(kept->name);
    free(kept);
}

void *serve_kept_thing(const serve_kept *kept)
{
    return kept->thing;
}

/* ---- The list, with the lock held -------------------------------------------------------------------------------------- */

static void unlink_kept(serve_cache *cache, const serve_kept *kept)
{
    serve_kept **at = &cache->first;
    while (*at != kept)
        at = &(*at)->next;
    *at = kept->next;
}

static void put_first(serve_cache *cache, serve_kept *kept)
{
    kept->next = cache->first;
    cache->first = kept;
}

static serve_kept *find(const serve_cache *cache, const serve_kind *kind, const char *name)
{
    serve_kept *kept = cache->first;
    while (kept && (kept->kind != kind || strcmp(kept->name, name) != 0))
        kept = kept->next;
    return kept;
}

/* Takes the one used longest ago of a kind that has too many out of the list, if nobody uses it. */
static serve_kept *take_surplus(serve_cache *cache, const serve_kind *kind)
{
    serve_kept *oldest = NULL;
    size_t count = 0;
    for (serve_kept *kept = cache->first; kept; kept = kept->next)
        if (kept->kind == kind && ++count > kind->most && kept->users == 0)
            oldest = kept;
    if (oldest)
        unlink_kept(cache, oldest);
    return oldest;
}

/* Takes one that nobody uses out of the list. */
static serve_kept *take_unused(serve_cache *cache)
{
    serve_kept *kept = cache->first;
    while (kept && kept->users > 0)
        kept = kept->next;
    if (kept)
        unlink_kept(cache, kept);
    return kept;
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------------- */

static serve_kept *kept_new(const serve_kind *kind, const char *name)
{
    serve_kept *kept = dr_new(1, sizeof *kept);
    if (!kept)
        return NULL;
    *kept = (serve_kept){.kind = kind, .name = strdup(name), .users = 1};
    if (kept->name)
        return kept;
    free(kept);
    return NULL;
}

/* Makes a thing, with the lock open meanwhile. */
static dr_status make(serve_kept **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user)
{
    void *thing = NULL;
    serve_kept *kept = kept_new(kind, name);
    if (!kept)
        return dr_fail_memory();
    put_first(cache, kept);
    pthread_mutex_unlock(&cache->lock);
    dr_status status = kind->make(&thing, user);
    pthread_mutex_lock(&cache->lock);
    kept->thing = thing;
    if (status != DR_OK) {
        unlink_kept(cache, kept);
        kept_free(kept);
    } else {
        *out = kept;
    }
    pthread_cond_broadcast(&cache->made);
    return status;
}

dr_status serve_cache_take(serve_kept **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user)
{
    serve_kept *kept;
    dr_status status = DR_OK;
    pthread_mutex_lock(&cache->lock);
    while ((kept = find(cache, kind, name)) && !kept->thing)
        pthread_cond_wait(&cache->made, &cache->lock); /* another thread makes it */
    if (kept) {
        unlink_kept(cache, kept);
        put_first(cache, kept);
        kept->users++;
        *out = kept;
    } else {
        status = make(out, cache, kind, name, user);
    }
    serve_kept *surplus = take_surplus(cache, kind);
    pthread_mutex_unlock(&cache->lock);
    kept_free(surplus);
    return status;
}

void serve_cache_give(serve_cache *cache, serve_kept *kept)
{
    if (!kept)
        return;
    pthread_mutex_lock(&cache->lock);
    kept->users--;
    serve_kept *surplus = take_surplus(cache, kept->kind);
    pthread_mutex_unlock(&cache->lock);
    kept_free(surplus);
}

/* What one thing uses of others becomes unused with it. */
void serve_cache_free(serve_cache *cache)
{
    serve_kept *kept;
    if (!cache)
        return;
    while ((kept = take_unused(cache)))
        kept_free(kept);
    pthread_mutex_destroy(&cache->lock);
    pthread_cond_destroy(&cache->made);
    free(cache);
}
