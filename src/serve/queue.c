#include "serve/queue.h"

#include <signal.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"

struct serve_queue {
    serve_context *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    serve_task *first, **last; /* waiting tasks */
    size_t waiting, most, running, done;
    bool closing;
    pthread_t *threads;
    size_t count;
};

/* The next task, or NULL when there will be none. */
static serve_task *take(serve_queue *q)
{
    pthread_mutex_lock(&q->lock);
    while (!q->first && !q->closing)
        pthread_cond_wait(&q->changed, &q->lock);
    serve_task *task = q->first;
    if (task) {
        q->first = task->next;
        q->last = q->first ? q->last : &q->first;
        q->waiting--;
        q->running++;
    }
    pthread_mutex_unlock(&q->lock);
    return task;
}

/* Each solve uses one core, so that as many clients are served as the machine has cores. */
static void *work(void *user)
{
    serve_queue *q = user;
    serve_task *task;
    serve_session *session = NULL;
    dr_threads_alone();
    if (serve_session_new(&session, q->context) != DR_OK)
        abort(); /* no memory for three words as the program starts */
    while ((task = take(q))) {
        task->run(task, session);
        pthread_mutex_lock(&q->lock);
        q->running--;
        q->done++;
        pthread_mutex_unlock(&q->lock);
    }
    serve_session_free(session);
    return NULL;
}

/* Signals are blocked in workers, and left to the thread that waits for them. */
static dr_status start_threads(serve_queue *q, size_t threads)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (q->count < threads && pthread_create(&q->threads[q->count], NULL, work, q) == 0)
        q->count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return q->count == threads ? DR_OK : dr_fail(DR_MACHINE, "cannot start more threads");
}

dr_status serve_queue_new(serve_queue **out, serve_context *context, size_t threads, size_t most)
{
    serve_queue *q = dr_new(1, sizeof *q);
    if (!q)
        return dr_fail_memory();
    *q = (serve_queue){.context = context, .most = most, .threads = dr_new(threads, sizeof *q->threads)};
    q->last = &q->first;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->changed, NULL);
    dr_status status = q->threads ? start_threads(q, threads) : dr_fail_memory();
    if (status == DR_OK)
        *out = q;
    else
        serve_queue_free(q);
    return status;
}

void serve_queue_free(serve_queue *q)
{
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->closing = true;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->lock);
    for (size_t i = 0; i < q->count; i++)
        pthread_join(q->threads[i], NULL);
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->changed);
    free(q->threads);
    free(q);
}

bool serve_queue_put(serve_queue *q, serve_task *task)
{
    pthread_mutex_lock(&q->lock);
    bool room = q->waiting < q->most && !q->closing;
    if (room) {
        task->next = NULL;
        *q->last = task;
        q->last = &task->next;
        q->waiting++;
        pthread_cond_signal(&q->changed);
    }
    pthread_mutex_unlock(&q->lock);
    return room;
}

bool serve_queue_drop(serve_queue *q, serve_task *task)
{
    pthread_mutex_lock(&q->lock);
    serve_task **at = &q->first;
    while (*at && *at != task)
        at = &(*at)->next;
    bool found = *at != NULL;
    if (found) {
        *at = task->next;
        q->last = task->next ? q->last : at;
        q->waiting--;
    }
    pthread_mutex_unlock(&q->lock);
    return found;
}

void serve_queue_count(serve_queue *q, size_t *waiting, size_t *running, size_t *done)
{
    pthread_mutex_lock(&q->lock);
    *waiting = q->waiting;
    *running = q->running;
    *done = q->done;
    pthread_mutex_unlock(&q->lock);
}
