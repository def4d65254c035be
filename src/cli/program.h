/* The program: a command line from its beginning to the exit status. */
#ifndef DR_CLI_PROGRAM_H
#define DR_CLI_PROGRAM_H

/* Runs a command line, and ends the process with its exit status: the whole of main(), for other programs too that are
 * called derisk. */
_Noreturn void cli_program(int argc, char **argv);

#endif
