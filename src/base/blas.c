#include "base/blas.h"

#include <pthread.h>

/* Another BLAS than OpenBLAS has no such function. */
void openblas_set_num_threads(int threads) __attribute__((weak));

static void alone(void)
{
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
}

void dr_blas_alone(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, alone);
}
