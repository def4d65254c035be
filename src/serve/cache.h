/* The cache: economies by year, models by year and settings, and answers. The most recently used of each kind stay;
 * an entry in use stays until it is given back. Any thread may use it; a thing that two threads need at once is made
 * once. */
#ifndef DR_SERVE_CACHE_H
#define DR_SERVE_CACHE_H

#include "base/error.h"

typedef struct serve_cache serve_cache;

/* An entry of the cache, in use. */
typedef struct serve_entry serve_entry;

/* A kind of things: how to make and to free them. */
typedef struct serve_kind {
    size_t most; /* maximum number of things that stay */
    dr_status (*make)(void **out, void *user);
    void (*free)(void *thing);
} serve_kind;

dr_status serve_cache_new(serve_cache **out);
void serve_cache_free(serve_cache *cache);

/* The entry of a kind and name, made if it is missing; to be given back. Errors: those of `make`. */
dr_status serve_cache_take(serve_entry **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user);
void serve_cache_give(serve_cache *cache, serve_entry *entry);

/* Takes an entry that is in use once more; to be given back as often. */
void serve_cache_share(serve_cache *cache, serve_entry *entry);

/* Frees all entries that are not in use. */
void serve_cache_empty(serve_cache *cache);
void *serve_entry_thing(const serve_entry *entry);
const char *serve_entry_name(const serve_entry *entry);

#endif
