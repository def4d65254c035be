/* A queue of tasks, and the threads that run them. */
#ifndef DR_SERVE_QUEUE_H
#define DR_SERVE_QUEUE_H

#include "serve/context.h"

typedef struct serve_queue serve_queue;

/* A piece of work, a part of something larger. `next` belongs to the queue while the task is in it. */
typedef struct serve_task {
    void (*run)(struct serve_task *task, serve_session *session);
    struct serve_task *next;
} serve_task;

/* Starts `threads` threads; at most `most` tasks may wait. Errors: DR_MACHINE. */
dr_status serve_queue_new(serve_queue **out, serve_context *context, size_t threads, size_t most);

/* Waits for the tasks in the queue, and ends the threads. */
void serve_queue_free(serve_queue *queue);

/* Adds a task; false if the queue is full. */
bool serve_queue_put(serve_queue *queue, serve_task *task);

/* Removes a task; false if it is not in the queue any more: it runs, or has run. */
bool serve_queue_drop(serve_queue *queue, serve_task *task);

/* The numbers of tasks that wait, run, and have run. */
void serve_queue_count(serve_queue *queue, size_t *waiting, size_t *running, size_t *done);

#endif
