/* Threads that work off what is put in line for them. */
#ifndef DR_SERVE_QUEUE_H
#define DR_SERVE_QUEUE_H

#include "serve/core.h"

typedef struct serve_queue serve_queue;

/* A piece of work, a part of something larger. `next` belongs to the queue while the task is in it. */
typedef struct serve_task {
    void (*run)(struct serve_task *task, serve_desk *desk);
    struct serve_task *next;
} serve_task;

/* Starts `threads` threads, for which at most `most` tasks wait. Errors: DR_MACHINE. */
dr_status serve_queue_new(serve_queue **out, serve_core *core, size_t threads, size_t most);

/* Waits for the tasks that are there; the threads are gone then. */
void serve_queue_free(serve_queue *queue);

/* Puts a task in line; false if it is full. */
bool serve_queue_put(serve_queue *queue, serve_task *task);

/* Takes a task out of line; false if it is not in it any more: it runs, or has run. */
bool serve_queue_drop(serve_queue *queue, serve_task *task);

/* How many wait, run, and have run. */
void serve_queue_count(serve_queue *queue, size_t *waiting, size_t *running, size_t *done);

#endif
