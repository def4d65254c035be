/* The context of all answers, without sockets: the world file, its economies and models in memory, and the limits. */
#ifndef DR_SERVE_CONTEXT_H
#define DR_SERVE_CONTEXT_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "serve/cache.h"

typedef struct serve_limits {
    size_t body;    /* bytes of a request's body */
    double seconds; /* for which a request may be worked on */
    size_t queue;   /* maximum number of solves of one client that wait to begin */
    size_t draws;   /* maximum number of Monte Carlo draws */
} serve_limits;

typedef struct serve_session serve_session;
typedef struct serve_worlds serve_worlds;
typedef void serve_note(const char *text, void *user);

/* By which a file is known from another that takes its place. */
typedef struct serve_mark {
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec changed;
} serve_mark;

typedef struct serve_context {
    char *path;              /* of the world */
    const char *name;        /* the last part of the path, by which answers and errors call the world */
    char *word;              /* the name without its ending, by which paths call the world */
    const serve_worlds *all; /* NULL: there are no others */
    atomic_int last_year;    /* 0: the world has none */
    bool store;              /* runs may be stored in the world */
    serve_limits limits;
    double started;              /* by dr_seconds */
    struct serve_queue *solvers; /* NULL: none */
    atomic_size_t stored;        /* number of runs stored so far; cached answers hold for one number */
    atomic_size_t replaced; /* how often another file took the place of this; kept economies and models hold for one */
    serve_cache *cache;
    pthread_rwlock_t files; /* held for reading by readers of the world file, for writing by its writer */
    pthread_mutex_t lock;   /* of the mark and the list of sessions */
    serve_mark mark;        /* of the file that is served */
    serve_session *sessions;
} serve_context;

/* The world file as opened for one task at a time. */
struct serve_session {
    serve_context *context;
    dr_world *world; /* NULL: not open at the moment */
    bool taken;      /* by a task */
    size_t uses;     /* since it was opened */
    serve_session *next;
};

/* Opens the world at `path` once, so that its errors are reported at the start. Errors: as dr_world_open. */
dr_status serve_context_new(serve_context **out, const char *path, bool store);
void serve_context_free(serve_context *context);

/* A session that no other task has; given back when the task is done. Errors: DR_MACHINE. */
dr_status serve_session_take(serve_session **out, serve_context *context);
void serve_session_give(serve_session *session);

/* Whether another file has taken the place of the one that is served; takes the file that is there for the one. */
bool serve_file_differs(serve_context *context);
void serve_mark_file(serve_context *context);

/* Closes the world in all sessions, which open it when they next read it. `files` is held for writing. */
void serve_close_worlds(serve_context *context);

/* The world of the session, for reading until serve_world_give. Errors: as dr_world_open. */
dr_status serve_world_take(serve_session *session, dr_world **out);
void serve_world_give(serve_session *session);

/* Stores a solution, found under a scenario, under a name, while no thread reads the world. Errors: as
 * dr_solution_store. */
dr_status serve_store(serve_session *session, const dr_solution *solution, const dr_scenario *scenario,
                      const char *name);

#endif
