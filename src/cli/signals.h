/* The program's end by a signal. */
#ifndef DR_CLI_SIGNALS_H
#define DR_CLI_SIGNALS_H

/* From here on a signal that asks the program to end (Ctrl-C, a kill, a closed terminal) removes what it was writing
 * first; a limit on the size of files is an error of the write. */
void cli_signals_watch(void);

#endif
