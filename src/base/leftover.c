#include "base/leftover.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dr_leftover {
    char *path;
    dr_leftover *earlier;
};

static dr_leftover *latest;
static pthread_mutex_t list = PTHREAD_MUTEX_INITIALIZER, steps = PTHREAD_MUTEX_INITIALIZER;

dr_leftover *dr_leftover_add(const char *path)
{
    dr_leftover *leftover = malloc(sizeof *leftover);
    if (!leftover || !(leftover->path = strdup(path))) {
        free(leftover);
        return NULL;
    }
    pthread_mutex_lock(&list);
    leftover->earlier = latest;
    latest = leftover;
    pthread_mutex_unlock(&list);
    return leftover;
}

void dr_leftover_forget(dr_leftover *leftover)
{
    if (!leftover)
        return;
    pthread_mutex_lock(&list);
    dr_leftover **at = &latest;
    while (*at != leftover)
        at = &(*at)->earlier;
    *at = leftover->earlier;
    pthread_mutex_unlock(&list);
    free(leftover->path);
    free(leftover);
}

void dr_hold(void)
{
    pthread_mutex_lock(&steps);
}

void dr_release(void)
{
    pthread_mutex_unlock(&steps);
}

/* Other threads go on meanwhile, and may make a file again in a folder that is to go. */
enum { TRIES = 100 };

void dr_leftover_sweep(void)
{
    pthread_mutex_lock(&steps);
    pthread_mutex_lock(&list);
    for (int try = 0; try < TRIES; try++)
        for (const dr_leftover *leftover = latest; leftover; leftover = leftover->earlier)
            (void)remove(leftover->path); /* is not there, or cannot be helped */
}
