#include "serve/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/memory.h"

struct serve_entry {
    const serve_kind *kind;
    char *name;
    void *thing; /* NULL while it is being made */
    size_t users;
    serve_entry *next; /* the next recently used */
};

struct serve_cache {
    pthread_mutex_t lock;
    pthread_cond_t made; /* a thing was made, or failed */
    serve_entry *first;  /* the most recently used */
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

static void entry_free(serve_entry *entry)
{
    if (!entry)
        return;
    if (entry->thing)
        entry->kind->free(entry->thing);
    free(entry->name);
    free(entry);
}

void *serve_entry_thing(const serve_entry *entry)
{
    return entry->thing;
}

const char *serve_entry_name(const serve_entry *entry)
{
    return entry->name;
}

/* ---- The list, with the lock held -------------------------------------------------------------------------------- */

static void unlink_entry(serve_cache *cache, const serve_entry *entry)
{
    serve_entry **at = &cache->first;
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
}

static void put_first(serve_cache *cache, serve_entry *entry)
{
    entry->next = cache->first;
    cache->first = entry;
}

static serve_entry *find(const serve_cache *cache, const serve_kind *kind, const char *name)
{
    serve_entry *entry = cache->first;
    while (entry && (entry->kind != kind || strcmp(entry->name, name) != 0))
        entry = entry->next;
    return entry;
}

/* Removes the least recently used entry of a kind that has too many, unless it is in use, from the list. */
static serve_entry *take_surplus(serve_cache *cache, const serve_kind *kind)
{
    serve_entry *oldest = NULL;
    size_t count = 0;
    for (serve_entry *entry = cache->first; entry; entry = entry->next)
        if (entry->kind == kind && ++count > kind->most && entry->users == 0)
            oldest = entry;
    if (oldest)
        unlink_entry(cache, oldest);
    return oldest;
}

/* Removes an entry that is not in use from the list. */
static serve_entry *take_unused(serve_cache *cache)
{
    serve_entry *entry = cache->first;
    while (entry && entry->users > 0)
        entry = entry->next;
    if (entry)
        unlink_entry(cache, entry);
    return entry;
}

/* ---- Taking and giving ------------------------------------------------------------------------------------------- */

static serve_entry *entry_new(const serve_kind *kind, const char *name)
{
    serve_entry *entry = dr_new(1, sizeof *entry);
    if (!entry)
        return NULL;
    *entry = (serve_entry){.kind = kind, .name = strdup(name), .users = 1};
    if (entry->name)
        return entry;
    free(entry);
    return NULL;
}

/* Makes a thing, with the lock released meanwhile. The thread does not pause: others may wait for the thing. */
static dr_status make(serve_entry **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user)
{
    void *thing = NULL;
    serve_entry *entry = entry_new(kind, name);
    if (!entry)
        return dr_fail_memory();
    put_first(cache, entry);
    pthread_mutex_unlock(&cache->lock);
    dr_pause_hold();
    dr_status status = kind->make(&thing, user);
    dr_pause_release();
    pthread_mutex_lock(&cache->lock);
    entry->thing = thing;
    if (status != DR_OK) {
        unlink_entry(cache, entry);
        entry_free(entry);
    } else {
        *out = entry;
    }
    pthread_cond_broadcast(&cache->made);
    return status;
}

dr_status serve_cache_take(serve_entry **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user)
{
    serve_entry *entry;
    dr_status status = DR_OK;
    pthread_mutex_lock(&cache->lock);
    while ((entry = find(cache, kind, name)) && !entry->thing)
        pthread_cond_wait(&cache->made, &cache->lock); /* another thread makes it */
    if (entry) {
        unlink_entry(cache, entry);
        put_first(cache, entry);
        entry->users++;
        *out = entry;
    } else {
        status = make(out, cache, kind, name, user);
    }
    serve_entry *surplus = take_surplus(cache, kind);
    pthread_mutex_unlock(&cache->lock);
    entry_free(surplus);
    return status;
}

void serve_cache_give(serve_cache *cache, serve_entry *entry)
{
    if (!entry)
        return;
    pthread_mutex_lock(&cache->lock);
    entry->users--;
    serve_entry *surplus = take_surplus(cache, entry->kind);
    pthread_mutex_unlock(&cache->lock);
    entry_free(surplus);
}

void serve_cache_share(serve_cache *cache, serve_entry *entry)
{
    pthread_mutex_lock(&cache->lock);
    entry->users++;
    pthread_mutex_unlock(&cache->lock);
}

/* Freeing one thing releases the entries that it uses, which become unused then. */
void serve_cache_empty(serve_cache *cache)
{
    serve_entry *entry;
    do {
        pthread_mutex_lock(&cache->lock);
        entry = take_unused(cache);
        pthread_mutex_unlock(&cache->lock);
        entry_free(entry);
    } while (entry);
}

void serve_cache_free(serve_cache *cache)
{
    if (!cache)
        return;
    serve_cache_empty(cache);
    pthread_mutex_destroy(&cache->lock);
    pthread_cond_destroy(&cache->made);
    free(cache);
}
