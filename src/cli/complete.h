/* Completion: the candidates for the last word of a command line. */
#ifndef DR_CLI_COMPLETE_H
#define DR_CLI_COMPLETE_H

#include <stddef.h>
#include <stdio.h>

/* Writes the candidates for the last of the words after "derisk", one on a line; none where files may stand. Regions
 * and sectors are those of the world that the words name. */
void cli_complete(FILE *out, const char *const *words, size_t count);

#endif
