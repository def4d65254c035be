#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/names.h"
#include "cli/commands.h"
#include "cli/emit.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/signals.h"

const cli_command *const cli_commands[] = {
    &cli_demo,    &cli_fetch,       &cli_import,  &cli_info,       &cli_check,    &cli_export,    &cli_aggregate,
    &cli_update,  &cli_concordance, &cli_balance, &cli_ties,       &cli_exposure, &cli_footprint, &cli_position,
    &cli_gravity, &cli_simulate,    &cli_combine, &cli_propagate,  &cli_plan,     &cli_play,      &cli_report,
    &cli_serve,   &cli_results,     &cli_schema,  &cli_completion, &cli_help,     NULL,
};

enum { MOST_COMMANDS = 32 };

const cli_command *cli_find_command(const char *name)
{
    char hint[DR_HINT_SIZE];
    const char *names[MOST_COMMANDS];
    size_t count = 0;
    for (; cli_commands[count] && count < MOST_COMMANDS; count++) {
        names[count] = cli_commands[count]->name;
        if (strcmp(names[count], name) == 0)
            return cli_commands[count];
    }
    dr_hint(hint, name, names, count);
    dr_error_keep("unknown %s '%s'%s", *name == '-' ? "option" : "command", name,
                  *hint ? hint : "; 'derisk help' lists the commands");
    return NULL;
}

/* Opens /dev/null for standard streams that are closed: else the first file opened would take the number of standard
 * output, and results would be written into it. */
static void guard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) == -1)
            (void)!open("/dev/null", O_RDONLY); /* gets the lowest free number, this one */
}

static dr_status run(int argc, char **argv)
{
    cli_line line;
    if (argc < 2) {
        cli_print_overview(stderr);
        return DR_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("derisk %s\n", dr_version());
        return DR_OK;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        cli_print_overview(stdout);
        return DR_OK;
    }
    const cli_command *command = cli_find_command(argv[1]);
    if (!command)
        return DR_USAGE;
    dr_status status = cli_parse(&line, command, argc - 1, argv + 1);
    if (status == DR_OK && line.help)
        cli_print_help(stdout, command);
    else if (status == DR_OK && (status = cli_check_output(&line)) == DR_OK)
        status = command->run(&line);
    cli_line_free(&line);
    return status;
}

#if defined(__SANITIZE_ADDRESS__)
#define DR_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DR_SANITIZED
#endif
#endif

/* Ends the program without the exit handlers of libraries: OpenBLAS would wait for the threads that it started when
 * it was loaded, and where memory is short these try for ever to allocate some. Sanitizers need a usual exit to find
 * leaks. */
static _Noreturn void leave(dr_status status)
{
    fflush(NULL);
#ifdef DR_SANITIZED
    exit((int)status);
#else
    _exit((int)status);
#endif
}

_Noreturn void cli_program(int argc, char **argv)
{
    guard_streams();
    if (argc < 2 || strcmp(argv[1], cli_serve.name) != 0) /* which handles signals itself */
        cli_signals_watch();
    dr_status status = run(argc, argv);
    if (status == DR_OK && (ferror(stdout) || fflush(stdout) != 0))
        status = dr_fail(DR_MACHINE, "standard output: cannot be written: %s", strerror(errno));
    if (status != DR_OK && argc > 1)
        fprintf(stderr, "derisk: %s\n", dr_error_text());
    leave(status);
}
