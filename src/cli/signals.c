#include "cli/signals.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "base/leftover.h"

static sem_t arrived;
static volatile sig_atomic_t which;

static void note(int signal)
{
    which = signal;
    sem_post(&arrived);
}

/* A thread may take locks and call any function of the C library, which a signal handler may not. */
static void *wait_for_end(void *unused)
{
    (void)unused;
    while (sem_wait(&arrived) != 0) {
    }
    dr_leftover_sweep();
    signal(which, SIG_DFL);
    raise(which); /* ends the process by that signal, so that the shell sees the cause */
    _exit(128 + which);
}

void cli_signals_watch(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU};
    struct sigaction before, after = {.sa_handler = note, .sa_flags = SA_RESTART};
    pthread_t thread;
    signal(SIGXFSZ, SIG_IGN); /* the write beyond the limit then fails with an error */
    if (sem_init(&arrived, 0, 0) != 0 || pthread_create(&thread, NULL, wait_for_end, NULL) != 0)
        return;
    pthread_detach(thread);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (sigaction(ends[i], NULL, &before) == 0 &&
            before.sa_handler == SIG_DFL) /* signals that nohup ignores stay ignored */
            sigaction(ends[i], &after, NULL);
}
