/* A queue of tasks, and the threads that run them: as many at a time as the queue has places. Short tasks go before
 * long ones; a task that has run for half a second is a long one. Whenever a task looks whether it is cancelled
 * (base/cancel.h), it gives its place to one that goes before it: a short one, or, after a tenth of a second, one of a
 * client that has had less time for tasks of its kind, or one of its own client's that has run less. It goes on when
 * its turn comes. */
#ifndef DR_SERVE_QUEUE_H
#define DR_SERVE_QUEUE_H

#include <pthread.h>

#include "base/error.h"

typedef struct serve_queue serve_queue;
typedef struct serve_client serve_client;

typedef enum serve_state {
    SERVE_WAITS,  /* has not begun */
    SERVE_CALLED, /* a thread is about to begin it */
    SERVE_RUNS,
    SERVE_PAUSES,
    SERVE_ENDED
} serve_state;

/* A piece of work, a part of something larger, which sets the first four members. */
typedef struct serve_task {
    void (*run)(struct serve_task *task);
    void (*end)(struct serve_task *task); /* called after `run`, when the queue knows the task no more */
    const char *client;                   /* whose it is */
    bool takes_long;

    /* Of the queue: */
    serve_queue *queue;
    serve_client *of;
    serve_state state;
    double ran, slice, since; /* seconds that it has run, in all and since it last got its place; counted to `since` */
    pthread_cond_t goes;      /* it runs again */
    struct serve_task *next;
} serve_task;

/* At most `places` tasks run at a time, and at most `most` of each client may wait to begin. Errors: DR_MACHINE. */
dr_status serve_queue_new(serve_queue **out, size_t places, size_t most);

/* Waits for the tasks in the queue, and ends the threads. */
void serve_queue_free(serve_queue *queue);

/* Adds a task; false if too many of its client wait, or without memory. */
bool serve_queue_put(serve_queue *queue, serve_task *task);

/* Removes a task; false if it has begun or ended. One that pauses goes on at once, to find out that it is cancelled. */
bool serve_queue_drop(serve_queue *queue, serve_task *task);

/* The seconds that a task has run, without those that it waited. */
double serve_queue_ran(serve_queue *queue, serve_task *task);

/* The numbers of tasks that wait or pause, run, and have run. */
void serve_queue_count(serve_queue *queue, size_t *waiting, size_t *running, size_t *done);

#endif
