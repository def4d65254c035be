/* Threads: independent pieces of work shared out among them. A thread that waits sleeps, so that a busy machine makes
 * nothing slower than its load does: the run time of OpenMP lets threads spin at barriers, and reads how they are to
 * wait when it is loaded, which is not for a library to say. */
#ifndef DR_BASE_PARALLEL_H
#define DR_BASE_PARALLEL_H

#include "base/error.h"

/* Threads that work for one caller, at most. */
enum { DR_MOST_THREADS = 1024 };

/* One piece of work: piece `i`, done by thread `thread`. Both count from 0; thread 0 is the one that called. */
typedef dr_status (*dr_piece)(void *work, size_t i, size_t thread);

/* How many threads share `count` pieces if `asked` are asked for (0: as many as the machine has for this program, or as
 * OMP_NUM_THREADS says): no more than there are pieces, and one where the caller is itself one of several. */
size_t dr_threads(int asked, size_t count);

/* Does piece(work, i, thread) once for each i below `count`, in any order, on dr_threads(asked, count) threads, or on
 * fewer if the machine gives no more. All watch what the caller watches (dr_cancel_watch). After a failure no more
 * pieces are begun; the failure with the lowest i is returned, with its line in dr_error_text: whatever the number of
 * threads, the same one. */
dr_status dr_parallel(size_t count, int asked, dr_piece piece, void *work);

/* Numbers from..to of a long row of them. */
typedef void (*dr_stretch)(void *work, size_t from, size_t to);

/* Does `count` numbers in one stretch for each thread. */
void dr_parallel_stretches(size_t count, int asked, dr_stretch stretch, void *work);

/* From here on the calling thread does by itself what several could do together: it is one of several. */
void dr_threads_alone(void);

#endif
