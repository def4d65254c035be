#include "base/cancel.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/memory.h"

struct dr_cancel {
    atomic_bool now;
};

static _Thread_local const dr_cancel *watched;

static _Thread_local struct {
    dr_pause *call;
    void *user;
    unsigned held;
} pausing;

dr_status dr_cancel_new(dr_cancel **out)
{
    DR_TRY(DR_GIVEN(out));
    dr_cancel *cancel = dr_new(1, sizeof *cancel);
    if (!cancel)
        return dr_fail_memory();
    atomic_init(&cancel->now, false);
    *out = cancel;
    return DR_OK;
}

void dr_cancel_free(dr_cancel *cancel)
{
    free(cancel);
}

void dr_cancel_now(dr_cancel *cancel)
{
    if (cancel)
        atomic_store_explicit(&cancel->now, true, memory_order_relaxed);
}

const dr_cancel *dr_cancel_watch(const dr_cancel *cancel)
{
    const dr_cancel *before = watched;
    watched = cancel;
    return before;
}

const dr_cancel *dr_cancel_watched(void)
{
    return watched;
}

void dr_pause_set(dr_pause *pause, void *user)
{
    pausing.call = pause;
    pausing.user = user;
}

void dr_pause_hold(void)
{
    pausing.held++;
}

void dr_pause_release(void)
{
    pausing.held--;
}

static bool is_cancelled(void)
{
    return watched && atomic_load_explicit(&watched->now, memory_order_relaxed);
}

bool dr_cancelled(void)
{
    if (is_cancelled())
        return true;
    if (pausing.call && pausing.held == 0)
        pausing.call(pausing.user);
    return is_cancelled();
}

dr_status dr_cancel_check(void)
{
    return dr_cancelled() ? dr_fail(DR_CANCELLED, "cancelled") : DR_OK;
}
