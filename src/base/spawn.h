/* Other programs. */
#ifndef DR_BASE_SPAWN_H
#define DR_BASE_SPAWN_H

#include <spawn.h>

/* Starts the program arguments[0], found on the path, with no signal blocked or ignored, whatever this process does
 * with them. `actions` may be NULL. Returns 0 or the error's number. */
int dr_spawn(pid_t *child, const posix_spawn_file_actions_t *actions, char *const *arguments);

#endif
