#include "base/failure.h"

#include <stdio.h>

void dr_failure_init(dr_failure *f)
{
    pthread_mutex_init(&f->lock, NULL);
    f->piece = 0;
    f->status = DR_OK;
    f->line[0] = '\0';
}

void dr_failure_free(dr_failure *f)
{
    pthread_mutex_destroy(&f->lock);
}

void dr_failure_keep(dr_failure *f, size_t piece, dr_status status)
{
    pthread_mutex_lock(&f->lock);
    if (f->status == DR_OK || piece < f->piece) {
        f->piece = piece;
        f->status = status;
        snprintf(f->line, sizeof f->line, "%s", dr_error_text());
    }
    pthread_mutex_unlock(&f->lock);
}

dr_status dr_failure_give(const dr_failure *f)
{
    if (f->status != DR_OK)
        dr_error_restore(f->line);
    return f->status;
}
