/* What the server answers from, without sockets: the world, what of it is in memory, and its limits. */
#ifndef DR_SERVE_CORE_H
#define DR_SERVE_CORE_H

#include <pthread.h>
#include <stdatomic.h>

#include "serve/cache.h"

typedef struct serve_limits {
    size_t body;    /* bytes of a request's body */
    double seconds; /* from when a request is there to the end of its answer */
    size_t queue;   /* solves that wait */
    size_t draws;
} serve_limits;

typedef struct serve_desk serve_desk;

typedef struct serve_core {
    char *path;       /* of the world */
    const char *name; /* its last part: what answers and errors call it */
    int last_year;    /* 0: it has none */
    bool store;       /* runs may be stored in it */
    serve_limits limits;
    double started;              /* by dr_seconds */
    struct serve_queue *solvers; /* NULL: there is none */
    atomic_size_t stored;        /* runs, so far: answers that are kept are of as many */
    serve_cache *cache;
    pthread_rwlock_t files; /* held for reading by who reads the world, for writing by who writes to it */
    pthread_mutex_t lock;   /* of the list of desks */
    serve_desk *desks;
} serve_core;

/* What a thread that answers has for itself: the world, open. */
struct serve_desk {
    serve_core *core;
    dr_world *world; /* NULL: not open at the moment */
    size_t uses;     /* since it was opened */
    serve_desk *next;
};

/* Opens the world at `path`, so that what is wrong with it is told here. Errors: as dr_world_open. */
dr_status serve_core_new(serve_core **out, const char *path, bool store);
void serve_core_free(serve_core *core);

/* Errors: DR_MACHINE. Freed before the core. */
dr_status serve_desk_new(serve_desk **out, serve_core *core);
void serve_desk_free(serve_desk *desk);

/* The desk's world, for reading until serve_world_give. Errors: as dr_world_open. */
dr_status serve_world_take(serve_desk *desk, dr_world **out);
void serve_world_give(serve_desk *desk);

/* Stores a solution under a name; nobody reads the world meanwhile. Errors: as dr_solution_store. */
dr_status serve_store(serve_desk *desk, const dr_solution *solution, const char *name);

#endif
