/* The built-in files of 'derisk demo', unpacked for the readers of the library, and the worlds made of them. */
#ifndef DR_CLI_DEMO_FILES_H
#define DR_CLI_DEMO_FILES_H

#include "base/leftover.h"
#include "derisk.h"

enum {
    CLI_DEMO_TABLE,
    CLI_DEMO_SECTORS,
    CLI_DEMO_REGIONS,
    CLI_DEMO_SOURCE,
    CLI_DEMO_FLOWS,
    CLI_DEMO_FLOW_SECTORS,
    CLI_DEMO_FLOW_REGIONS,
    CLI_DEMO_FLOW_SOURCE,
    CLI_DEMO_SCENARIO, /* the first of them */
    CLI_DEMO_SCENARIOS = 3,
    CLI_DEMO_ESTIMATE = CLI_DEMO_SCENARIO + CLI_DEMO_SCENARIOS, /* a world, made there */
    CLI_DEMO_FILES,
    CLI_DEMO_PATH = 512,
    CLI_DEMO_YEAR = 2011 /* of the sample */
};

/* A temporary folder with the files, under their last names. */
typedef struct cli_demo_files {
    char folder[CLI_DEMO_PATH / 2];
    char paths[CLI_DEMO_FILES][CLI_DEMO_PATH];
    dr_leftover *leftovers[1 + CLI_DEMO_FILES];
} cli_demo_files;

/* Unpacks them. Errors: DR_MACHINE. End with cli_demo_remove, on failure too; a zeroed struct is an empty one. */
dr_status cli_demo_unpack(cli_demo_files *files);
void cli_demo_remove(cli_demo_files *files);

/* Makes the sample world (or replaces its year in a world that is there), and the world of trade flows. Errors: as
 * dr_import. */
dr_status cli_demo_make_sample(const cli_demo_files *files, const char *to);
dr_status cli_demo_make_flows(const cli_demo_files *files, const char *to);

/* Makes, in the temporary folder, the sample brought to the last year of the flows. Errors: as dr_world_update. */
dr_status cli_demo_make_estimate(const cli_demo_files *files, const char *sample, const char *flows);

#endif
