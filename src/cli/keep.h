/* The worlds, economies and models of commands. In the program each is opened or made, and closed or freed after its
 * use; in the process of another program (cli/host.h) they stay for the next calls, as long as the file is the same. */
#ifndef DR_CLI_KEEP_H
#define DR_CLI_KEEP_H

#include "cli/line.h"
#include "scenario/settings.h"

typedef struct cli_keep cli_keep;

/* Errors: DR_MACHINE. Freed when nothing taken from it is in use. */
dr_status cli_keep_new(cli_keep **out);
void cli_keep_free(cli_keep *keep);

/* Closes the worlds that are not in use. */
void cli_keep_forget(cli_keep *keep);

/* A world for reading, for this thread alone until cli_world_close. Errors: as dr_world_open. */
dr_status cli_world_open(dr_world **out, const cli_line *line, const char *path);
void cli_world_close(const cli_line *line, dr_world *world);

/* Closes the kept worlds that are not in use, before one of them is written to. */
void cli_forget_worlds(const cli_line *line);

/* An economy and a model of it. Zeroed: none. */
typedef struct cli_problem {
    const dr_economy *economy;
    const dr_model *model;
    dr_economy *own_economy; /* freed at the end */
    dr_model *own_model;
    struct serve_cache *cache;                       /* NULL: nothing is kept */
    struct serve_entry *economy_entry, *model_entry; /* given back to it at the end */
    char *name;                                      /* of a kept economy */
    int year;
} cli_problem;

/* The economy of the world that is the first argument, in the year of --year, else of the document (NULL: none), else
 * the last; its base is that of --baseline, else of the document at `path` (NULL: none), else the table. */
dr_status cli_problem_economy(cli_problem *out, const cli_line *line, const dr_settings *document, const char *path);

/* The model of that economy. Errors: as dr_model_new. */
dr_status cli_problem_model(cli_problem *problem, const cli_line *line, const dr_model_options *options);
void cli_problem_end(cli_problem *problem);

#endif
