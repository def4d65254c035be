/* The context of all answers, without sockets: the world file, its economies and models in memory, and the limits. */
#ifndef DR_SERVE_CONTEXT_H
#define DR_SERVE_CONTEXT_H

#include <pthread.h>
#include <stdatomic.h>

#include "serve/cache.h"

typedef struct serve_limits {
    size_t body;    /* bytes of a request's body */
    double seconds; /* for which a request may be worked on */
    size_t queue;   /* maximum number of solves of one client that wait to begin */
    size_t draws;   /* maximum number of Monte Carlo draws */
} serve_limits;

typedef struct serve_session serve_session;

typedef struct serve_context {
    char *path;       /* of the world */
    const char *name; /* the last part of the path, by which answers and errors call the world */
    int last_year;    /* 0: the world has none */
    bool store;       /* runs may be stored in the world */
    serve_limits limits;
    double started;              /* by dr_seconds */
    struct serve_queue *solvers; /* NULL: none */
    atomic_size_t stored;        /* number of runs stored so far; cached answers hold for one number */
    serve_cache *cache;
    pthread_rwlock_t files; /* held for reading by readers of the world file, for writing by its writer */
    pthread_mutex_t lock;   /* of the list of sessions */
    serve_session *sessions;
} serve_context;

/* The world file as one thread has opened it. */
struct serve_session {
    serve_context *context;
    dr_world *world; /* NULL: not open at the moment */
    size_t uses;     /* since it was opened */
    serve_session *next;
};

/* Opens the world at `path` once, so that its errors are reported at the start. Errors: as dr_world_open. */
dr_status serve_context_new(serve_context **out, const char *path, bool store);
void serve_context_free(serve_context *context);

/* Errors: DR_MACHINE. Freed before the context. */
dr_status serve_session_new(serve_session **out, serve_context *context);
void serve_session_free(serve_session *session);

/* The world of the session, for reading until serve_world_give. Errors: as dr_world_open. */
dr_status serve_world_take(serve_session *session, dr_world **out);
void serve_world_give(serve_session *session);

/* Stores a solution, found under a scenario, under a name, while no thread reads the world. Errors: as
 * dr_solution_store. */
dr_status serve_store(serve_session *session, const dr_solution *solution, const dr_scenario *scenario,
                      const char *name);

#endif
