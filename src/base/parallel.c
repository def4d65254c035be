#include "base/parallel.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/failure.h"
#include "base/memory.h"
#include "base/portable.h"

static _Thread_local bool alone;

void dr_threads_alone(void)
{
    alone = true;
}

/* ---- How many ---------------------------------------------------------------------------------------------------- */

static size_t default_threads(void)
{
    const char *text = getenv("OMP_NUM_THREADS");
    long number = text ? strtol(text, NULL, 10) : 0;
    return number > 0 ? (size_t)number : dr_processors();
}

size_t dr_threads(int asked, size_t count)
{
    if (alone || count < 2)
        return 1;
    size_t threads = asked > 0 ? (size_t)asked : default_threads();
    threads = threads < DR_MOST_THREADS ? threads : DR_MOST_THREADS;
    return threads < count ? threads : count;
}

/* ---- Sharing out ------------------------------------------------------------------------------------------------- */

typedef struct share {
    dr_piece piece;
    void *work;
    size_t count;
    atomic_size_t next; /* the first piece that no thread has begun; `count` or more: there is none */
    const dr_cancel *cancel;
    dr_failure failure;
} share;

typedef struct hand {
    share *of;
    size_t number;
    pthread_t thread;
} hand;

/* Pieces are begun in order, so that every piece before one that fails is done: the lowest failure is always found. */
static void work_on(share *s, size_t number)
{
    size_t i;
    while (atomic_load(&s->next) < s->count && (i = atomic_fetch_add(&s->next, 1)) < s->count) {
        dr_status status = s->piece(s->work, i, number);
        if (status != DR_OK) {
            atomic_store(&s->next, s->count);
            dr_failure_keep(&s->failure, i, status);
        }
    }
}

static void *help(void *user)
{
    const hand *h = user;
    alone = true;
    dr_cancel_watch(h->of->cancel);
    work_on(h->of, h->number);
    return NULL;
}

/* Starts the others; returns how many there are. Signals are for the threads of the program itself. */
static size_t start(share *s, hand *hands, size_t wanted)
{
    sigset_t all, before;
    size_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; started < wanted; started++) {
        hands[started] = (hand){.of = s, .number = started + 1};
        if (pthread_create(&hands[started].thread, NULL, help, &hands[started]) != 0)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void work_together(share *s, size_t threads)
{
    hand *hands = dr_new(threads - 1, sizeof *hands);
    size_t started = hands ? start(s, hands, threads - 1) : 0;
    alone = started > 0;
    work_on(s, 0);
    alone = false;
    for (size_t h = 0; h < started; h++)
        pthread_join(hands[h].thread, NULL);
    free(hands);
}

dr_status dr_parallel(size_t count, int asked, dr_piece piece, void *work)
{
    size_t threads = dr_threads(asked, count);
    if (threads == 1) {
        for (size_t i = 0; i < count; i++)
            DR_TRY(piece(work, i, 0));
        return DR_OK;
    }
    share s = {.piece = piece, .work = work, .count = count, .cancel = dr_cancel_watched()};
    dr_failure_init(&s.failure);
    work_together(&s, threads);
    dr_failure_free(&s.failure);
    return dr_failure_give(&s.failure);
}

/* ---- Stretches --------------------------------------------------------------------------------------------------- */

typedef struct row {
    size_t count, parts;
    dr_stretch stretch;
    void *work;
} row;

static size_t part_begins(const row *r, size_t i)
{
    size_t longer = r->count % r->parts; /* parts that have one more than the others */
    return r->count / r->parts * i + (i < longer ? i : longer);
}

static dr_status do_part(void *work, size_t i, size_t thread)
{
    const row *r = work;
    (void)thread;
    r->stretch(r->work, part_begins(r, i), part_begins(r, i + 1));
    return DR_OK;
}

void dr_parallel_stretches(size_t count, int asked, dr_stretch stretch, void *work)
{
    row r = {.count = count, .parts = dr_threads(asked, count), .stretch = stretch, .work = work};
    (void)dr_parallel(r.parts, asked, do_part, &r); /* stretches do not fail */
}
