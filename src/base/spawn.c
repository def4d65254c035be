#include "base/spawn.h"

#include <signal.h>
#include <unistd.h>

int dr_spawn(pid_t *child, const posix_spawn_file_actions_t *actions, char *const *arguments)
{
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    int why = posix_spawnattr_init(&attributes);
    if (why != 0)
        return why;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGXFSZ);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    why = posix_spawnp(child, arguments[0], actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    return why;
}
