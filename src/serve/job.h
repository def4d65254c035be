/* A request from its first header to the last byte of its reply: a task of the workers in between, while its connection is suspended.
 * Two threads see a job at the same time, that of the sockets and a worker's; what both see is under the lock of the jobs. */
#ifndef DR_SERVE_JOB_H
#define DR_SERVE_JOB_H

#include <microhttpd.h>

#include "base/memory.h"
#include "serve/api.h"
#include "serve/queue.h"

typedef struct serve_job serve_job;

/* A connection, and when it is to have done what it does: to send a request as a whole, or to take a reply. */
typedef struct serve_line {
    int socket;
    double deadline; /* seconds on the clock that only goes forward; INFINITY: cut already */
    struct serve_line *next;
} serve_line;

typedef struct serve_jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* one was suspended or resumed */
    serve_line *lines;
    serve_core *core;
    serve_queue *solvers, *readers;
    serve_job *suspended; /* those whose connection is */
    bool stopping;
    pthread_t watcher;
} serve_jobs;

struct serve_job {
    serve_task task; /* the first member */
    serve_jobs *jobs;
    struct MHD_Connection *connection;
    serve_line *line;
    dr_arena arena; /* the request's texts */
    serve_request request;
    char *body;
    size_t capacity;
    const serve_endpoint *endpoint; /* NULL: `reply` refuses the request */
    serve_reply reply;
    bool stream; /* the reply is lines */

    /* Under the lock: */
    size_t users; /* the connection, and a worker or the line before it */
    bool suspended, done, gone, late;
    double deadline;
    dr_cancel *cancel;
    char *lines; /* of a stream, not sent yet */
    size_t lines_size, lines_capacity;
    double told; /* when progress was, last */
    serve_job *next;
};

/* Starts the threads. Errors: DR_MACHINE. */
dr_status serve_jobs_start(serve_jobs *jobs, serve_core *core);

/* Cancels all jobs and waits until no connection is suspended; new ones are refused. Then, when there are no connections any more,
 * ends the threads. */
void serve_jobs_cancel(serve_jobs *jobs);
void serve_jobs_end(serve_jobs *jobs);

/* A connection begins, and ends. Errors: NULL without memory. */
serve_line *serve_line_new(serve_jobs *jobs, int socket);
void serve_line_free(serve_jobs *jobs, serve_line *line);

/* Errors: NULL without memory. The connection's hold on it ends with serve_job_leave. */
serve_job *serve_job_new(serve_jobs *jobs, struct MHD_Connection *connection, serve_line *line);
void serve_job_leave(serve_job *job);

/* Hands the job, its body read, to a worker, or answers it at once. Returns whether the reply is there: else the connection is suspended
 * until it is, unless it is a stream. */
bool serve_job_dispatch(serve_job *job);

/* The reply is there. */
bool serve_job_done(serve_job *job);

/* Moves up to `most` bytes of lines to `text`; 0: the connection is suspended until there are some; -1: that was all. */
ssize_t serve_job_read(serve_job *job, char *text, size_t most);

#endif
