/* The failure of a loop whose pieces several threads share: of all pieces that fail, the one with the lowest number is
 * kept, with the line of text that dr_error_text() holds for the thread that met it only. What is kept does not depend
 * on the number of threads, as long as pieces are begun in order. */
#ifndef DR_BASE_FAILURE_H
#define DR_BASE_FAILURE_H

#include <pthread.h>

#include "base/error.h"

typedef struct dr_failure {
    pthread_mutex_t lock;
    size_t piece;     /* the number of the piece that failed */
    dr_status status; /* DR_OK: none has failed */
    char line[DR_ERROR_SIZE];
} dr_failure;

void dr_failure_init(dr_failure *failure);
void dr_failure_free(dr_failure *failure);

/* Keeps that a piece has failed with `status`, and the calling thread's line. From any thread. */
void dr_failure_keep(dr_failure *failure, size_t piece, dr_status status);

/* The status kept, and its line becomes that of the calling thread; DR_OK if nothing has failed. To be called when all
 * threads are done. */
dr_status dr_failure_give(const dr_failure *failure);

#endif
