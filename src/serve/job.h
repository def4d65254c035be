/* A job is a request from its first header to the last byte of its reply. In between it is a task of a worker, while
 * its connection is suspended. Two threads use a job at the same time, that of the sockets and the worker; what both
 * use is under the lock of the jobs. */
#ifndef DR_SERVE_JOB_H
#define DR_SERVE_JOB_H

#include <microhttpd.h>

#include "base/memory.h"
#include "serve/api.h"
#include "serve/queue.h"
#include "serve/worlds.h"

typedef struct serve_job serve_job;

/* A connection, and the time by which its client must have sent its request, or taken its reply. */
typedef struct serve_connection {
    int socket;
    double deadline; /* seconds on the monotonic clock; INFINITY: none */
    double since;    /* the time of its last request, or of its beginning */
    bool used, cut;  /* by a job; it is being closed */
    unsigned place;  /* of its address in a table of counts */
    struct serve_connection *next;
} serve_connection;

typedef struct serve_jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a job was suspended or resumed */
    serve_connection *connections;
    unsigned long long count;      /* of jobs so far */
    size_t connection_count, open; /* jobs whose connection has not left them */
    serve_worlds *worlds;
    serve_context *context; /* of the first world, with the limits for all */
    serve_queue *solvers, *readers;
    serve_job *suspended;   /* the jobs whose connection is suspended */
    bool closing, stopping; /* no new jobs are taken; all are cancelled */
    pthread_t watcher;
} serve_jobs;

struct serve_job {
    serve_task task; /* the first member */
    serve_jobs *jobs;
    serve_context *context; /* of the world that is asked */
    struct MHD_Connection *connection;
    serve_connection *connection_state; /* NULL: the job was left */
    dr_arena arena;                     /* the request's texts */
    serve_request request;
    char *body;
    size_t capacity;
    const serve_endpoint *endpoint; /* NULL: `reply` refuses the request */
    serve_reply reply;
    bool dispatched, stream; /* handed to a worker; the reply is a stream of lines */

    /* For the log, of the thread of the sockets: */
    double arrived;
    bool begun;          /* its headers have arrived */
    const char *target;  /* as the client sent it */
    const char *version; /* of HTTP */
    unsigned sent_status;
    unsigned long long sent; /* bytes of the answer */

    /* Under the lock: */
    unsigned long long number;
    size_t users; /* the connection, and a worker or its queue */
    bool suspended, done, gone, late;
    dr_cancel *cancel;
    char *lines; /* of a stream, not sent yet */
    size_t lines_size, lines_capacity;
    double told; /* time of the last line of progress */
    serve_job *next;
};

/* Starts the threads. Errors: DR_MACHINE. */
dr_status serve_jobs_start(serve_jobs *jobs, serve_worlds *worlds);

/* Takes no new jobs, and waits until all have ended, for at most `seconds`, or until `hurry`. */
void serve_jobs_finish(serve_jobs *jobs, double seconds, const atomic_bool *hurry);

/* Cancels all jobs and waits until no connection is suspended; new ones are refused. Then, when there are no
 * connections any more, ends the threads. */
void serve_jobs_cancel(serve_jobs *jobs);
void serve_jobs_end(serve_jobs *jobs);

/* The state of a new connection, and its end. If many are open, one that is idle is closed for it: of the address that
 * has most of them, the one that has been idle longest. Errors: NULL without memory. */
enum { SERVE_MOST_CONNECTIONS = 1000 };
serve_connection *serve_connection_new(serve_jobs *jobs, int socket, const struct sockaddr *address);
void serve_connection_free(serve_jobs *jobs, serve_connection *connection);

/* Errors: NULL without memory. The connection uses the job until serve_job_leave. */
serve_job *serve_job_new(serve_jobs *jobs, struct MHD_Connection *connection, serve_connection *state,
                         const char *target);
void serve_job_leave(serve_job *job);

/* Hands the job, its body read, to a worker, or answers it at once. Returns whether the reply is there: else the
 * connection is suspended until it is, or until the first line of a stream is. A proxy written in Go loses a reply that
 * begins while it has not yet seen the end of the request's body. */
bool serve_job_dispatch(serve_job *job);

/* Moves up to `most` bytes of lines to `text`; 0: the connection is suspended until there are some; -1: that was
 * all. */
ssize_t serve_job_read(serve_job *job, char *text, size_t most);

#endif
