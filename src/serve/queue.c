#include "serve/queue.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"

/* Seconds until a task is a long one, and for which a task keeps its place. */
static const double short_time = 0.5, slice_time = 0.1;

/* Long tasks that have begun, at least: each keeps its thread and memory while it pauses. */
enum { LEAST_LONG = 16 };

/* A client with tasks in the queue; [0] short and [1] long ones. */
struct serve_client {
    char *name;
    size_t tasks[2], waiting; /* in the queue; not begun */
    double used[2];           /* seconds */
    serve_client *next;
};

struct serve_queue {
    pthread_mutex_t lock;
    pthread_cond_t called; /* a task is to begin, or the queue closes */
    serve_task *tasks;     /* that have not ended, in the order in which they came */
    serve_client *clients;
    size_t places, most, running, done;
    size_t begun_long, most_long; /* long tasks that have begun */
    atomic_size_t still;          /* tasks that wait or pause */
    bool closing;
    pthread_t *workers;
    size_t threads, most_threads, free_threads;
};

/* ---- Clients, with the lock held --------------------------------------------------------------------------------- */

static serve_client *find_client(serve_queue *q, const char *name)
{
    serve_client *client = q->clients;
    while (client && strcmp(client->name, name) != 0)
        client = client->next;
    if (client)
        return client;
    client = dr_new(1, sizeof *client);
    char *copy = strdup(name);
    if (!client || !copy) {
        free(client);
        free(copy);
        return NULL;
    }
    *client = (serve_client){.name = copy, .next = q->clients};
    q->clients = client;
    return client;
}

/* Who comes to a lane has had as much time as the one who has had least there, and no claim for the time before. */
static void enter_lane(serve_queue *q, serve_client *client, bool lane)
{
    const serve_client *least = NULL;
    if (client->tasks[lane]++ > 0)
        return;
    for (const serve_client *other = q->clients; other; other = other->next)
        if (other != client && other->tasks[lane] > 0 && (!least || other->used[lane] < least->used[lane]))
            least = other;
    if (least && client->used[lane] < least->used[lane])
        client->used[lane] = least->used[lane];
}

static void forget_client(serve_queue *q, serve_client *client)
{
    if (client->tasks[0] + client->tasks[1] > 0)
        return;
    serve_client **at = &q->clients;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    free(client->name);
    free(client);
}

/* ---- Whose turn it is, with the lock held ------------------------------------------------------------------------ */

/* Counts the time since a running task was last counted. */
static void count_time(serve_queue *q, serve_task *task)
{
    double time = dr_seconds(), more = time - task->since;
    task->since = time;
    task->ran += more;
    task->slice += more;
    task->of->used[task->takes_long] += more;
    if (task->takes_long || task->ran < short_time)
        return;
    task->takes_long = true;
    q->begun_long++;
    task->of->tasks[0]--;
    enter_lane(q, task->of, true);
}

/* Whether a task could run now if it had a place. */
static bool is_ready(const serve_queue *q, const serve_task *task)
{
    if (task->state == SERVE_PAUSES)
        return true;
    return task->state == SERVE_WAITS && (q->free_threads > 0 || q->threads < q->most_threads) &&
           (!task->takes_long || q->begun_long < q->most_long);
}

static bool goes_before(const serve_task *a, const serve_task *b)
{
    bool lane = a->takes_long;
    if (a->takes_long != b->takes_long)
        return b->takes_long;
    return a->of == b->of ? a->ran < b->ran : a->of->used[lane] < b->of->used[lane];
}

static serve_task *next_task(const serve_queue *q)
{
    serve_task *best = NULL;
    for (serve_task *task = q->tasks; task; task = task->next)
        if (is_ready(q, task) && (!best || goes_before(task, best)))
            best = task;
    return best;
}

static void *work(void *user);

/* Signals are blocked in workers, and left to the thread that waits for them. */
static bool add_thread(serve_queue *q)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = pthread_create(&q->workers[q->threads], NULL, work, q) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    q->threads += good;
    q->free_threads += good;
    return good;
}

static void give_place(serve_queue *q, serve_task *task)
{
    bool begins = task->state == SERVE_WAITS;
    task->state = begins ? SERVE_CALLED : SERVE_RUNS;
    task->since = dr_seconds();
    task->slice = 0;
    q->running++;
    atomic_fetch_sub(&q->still, 1);
    if (!begins) {
        pthread_cond_signal(&task->goes);
        return;
    }
    q->free_threads--;
    q->begun_long += task->takes_long;
    task->of->waiting--;
    pthread_cond_signal(&q->called);
}

/* Gives the free places away. If no thread can be added, tasks wait until one is free. */
static void call_tasks(serve_queue *q)
{
    serve_task *task;
    while (q->running < q->places && (task = next_task(q))) {
        if (task->state == SERVE_WAITS && q->free_threads == 0 && !add_thread(q))
            return;
        give_place(q, task);
    }
}

static void give_way(serve_queue *q, serve_task *task)
{
    task->state = SERVE_PAUSES;
    atomic_fetch_add(&q->still, 1);
    q->running--;
    call_tasks(q);
    while (task->state != SERVE_RUNS)
        pthread_cond_wait(&task->goes, &q->lock);
}

/* Called by the thread of a running task, many times in each solve. */
static void look_around(void *user)
{
    serve_task *task = user;
    serve_queue *q = task->queue;
    if (atomic_load_explicit(&q->still, memory_order_relaxed) == 0)
        return;
    pthread_mutex_lock(&q->lock);
    count_time(q, task);
    const serve_task *next = next_task(q);
    if (next && goes_before(next, task) && (next->takes_long != task->takes_long || task->slice > slice_time))
        give_way(q, task);
    pthread_mutex_unlock(&q->lock);
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

/* The task that a free thread begins, or NULL when there will be none; with the lock held. */
static serve_task *take(serve_queue *q)
{
    for (;;) {
        bool waits = false;
        for (serve_task *task = q->tasks; task; task = task->next) {
            if (task->state == SERVE_CALLED) {
                task->state = SERVE_RUNS;
                return task;
            }
            waits |= task->state == SERVE_WAITS;
        }
        if (q->closing && !waits)
            return NULL;
        pthread_cond_wait(&q->called, &q->lock);
    }
}

static void remove_task(serve_queue *q, serve_task *task)
{
    serve_task **at = &q->tasks;
    while (*at != task)
        at = &(*at)->next;
    *at = task->next;
    task->of->tasks[task->takes_long]--;
    forget_client(q, task->of);
    pthread_cond_destroy(&task->goes);
    task->state = SERVE_ENDED;
}

static void put_away(serve_queue *q, serve_task *task)
{
    count_time(q, task);
    q->running--;
    q->begun_long -= task->takes_long;
    q->free_threads++;
    q->done++;
    remove_task(q, task);
    call_tasks(q);
    if (q->closing)
        pthread_cond_broadcast(&q->called);
}

/* Each solve uses one core, so that as many clients are served as the machine has cores. */
static void *work(void *user)
{
    serve_queue *q = user;
    serve_task *task;
    dr_threads_alone();
    pthread_mutex_lock(&q->lock);
    while ((task = take(q))) {
        pthread_mutex_unlock(&q->lock);
        dr_pause_set(look_around, task);
        task->run(task);
        dr_pause_set(NULL, NULL);
        pthread_mutex_lock(&q->lock);
        put_away(q, task);
        pthread_mutex_unlock(&q->lock);
        task->end(task);
        pthread_mutex_lock(&q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    return NULL;
}

/* ---- The queue --------------------------------------------------------------------------------------------------- */

dr_status serve_queue_new(serve_queue **out, size_t places, size_t most)
{
    serve_queue *q = dr_new(1, sizeof *q);
    if (!q)
        return dr_fail_memory();
    *q = (serve_queue){.places = places, .most = most};
    q->most_long = places > LEAST_LONG ? places : LEAST_LONG;
    q->most_threads = 2 * (places + q->most_long);
    q->workers = dr_new(q->most_threads, sizeof *q->workers);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->called, NULL);
    bool good = q->workers;
    pthread_mutex_lock(&q->lock);
    while (good && q->threads < places)
        good = add_thread(q);
    pthread_mutex_unlock(&q->lock);
    if (good) {
        *out = q;
        return DR_OK;
    }
    serve_queue_free(q);
    return dr_fail(DR_MACHINE, "cannot start more threads");
}

void serve_queue_free(serve_queue *q)
{
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->closing = true;
    pthread_cond_broadcast(&q->called);
    for (size_t i = 0; i < q->threads; i++) { /* the last tasks may need threads more */
        pthread_mutex_unlock(&q->lock);
        pthread_join(q->workers[i], NULL);
        pthread_mutex_lock(&q->lock);
    }
    pthread_mutex_unlock(&q->lock);
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->called);
    free(q->workers);
    free(q);
}

bool serve_queue_put(serve_queue *q, serve_task *task)
{
    pthread_mutex_lock(&q->lock);
    serve_client *client = q->closing ? NULL : find_client(q, task->client);
    bool room = client && client->waiting < q->most;
    if (room) {
        serve_task **last = &q->tasks;
        while (*last)
            last = &(*last)->next;
        *last = task;
        task->queue = q;
        task->of = client;
        task->next = NULL;
        task->state = SERVE_WAITS;
        pthread_cond_init(&task->goes, NULL);
        enter_lane(q, client, task->takes_long);
        client->waiting++;
        atomic_fetch_add(&q->still, 1);
        call_tasks(q);
    } else if (client) {
        forget_client(q, client);
    }
    pthread_mutex_unlock(&q->lock);
    return room;
}

bool serve_queue_drop(serve_queue *q, serve_task *task)
{
    pthread_mutex_lock(&q->lock);
    bool waits = task->state == SERVE_WAITS;
    if (waits) {
        task->of->waiting--;
        atomic_fetch_sub(&q->still, 1);
        remove_task(q, task);
    } else if (task->state == SERVE_PAUSES) {
        give_place(q, task);
    }
    pthread_mutex_unlock(&q->lock);
    return waits;
}

double serve_queue_ran(serve_queue *q, serve_task *task)
{
    pthread_mutex_lock(&q->lock);
    if (task->state == SERVE_RUNS)
        count_time(q, task);
    double ran = task->ran;
    pthread_mutex_unlock(&q->lock);
    return ran;
}

void serve_queue_count(serve_queue *q, size_t *waiting, size_t *running, size_t *done)
{
    pthread_mutex_lock(&q->lock);
    *waiting = atomic_load(&q->still);
    *running = q->running;
    *done = q->done;
    pthread_mutex_unlock(&q->lock);
}
