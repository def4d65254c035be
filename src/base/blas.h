/* OpenBLAS on one thread. How it shares work out among several depends on how many there are, and with that the last
 * digits of what it computes; derisk shares out fixed blocks itself, whose results do not. */
#ifndef DR_BASE_BLAS_H
#define DR_BASE_BLAS_H

/* Before BLAS or LAPACK is called: from now on each call is done by the thread that calls. */
void dr_blas_alone(void);

#endif
