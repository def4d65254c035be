/* What of the world is in memory: economies by year, models by year and settings. The last few of each stay; what is in use stays until
 * it is given back. Any thread; what two ask for at once is made once. */
#ifndef DR_SERVE_CACHE_H
#define DR_SERVE_CACHE_H

#include "base/error.h"

typedef struct serve_cache serve_cache;

/* A thing that is kept, and in use. */
typedef struct serve_kept serve_kept;

/* What makes and frees the things of a kind. */
typedef struct serve_kind {
    size_t most; /* things that stay */
    dr_status (*make)(void **out, void *user);
    void (*free)(void *thing);
} serve_kind;

dr_status serve_cache_new(serve_cache **out);
void serve_cache_free(serve_cache *cache);

/* The thing of a kind that has this name, made if it is not there; to be given back. Errors: those of `make`. */
dr_status serve_cache_take(serve_kept **out, serve_cache *cache, const serve_kind *kind, const char *name, void *user);
void serve_cache_give(serve_cache *cache, serve_kept *kept);
void *serve_kept_thing(const serve_kept *kept);

#endif
