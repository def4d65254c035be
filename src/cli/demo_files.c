#include "cli/demo_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/error.h"

static const char *const names[CLI_DEMO_FILES] = {"sample/sample_2011.csv.gz",
                                                  "sample/sample_sectors.csv",
                                                  "sample/sample_regions.csv",
                                                  "sample/source.csv",
                                                  "flows/flows.csv.gz",
                                                  "flows/flows_sectors.csv",
                                                  "flows/flows_regions.csv",
                                                  "flows/flows_source.csv",
                                                  "scenarios/eu-tariff.yaml",
                                                  "scenarios/eu-tariff-china-answer.yaml",
                                                  "scenarios/doubled-trade-costs.yaml",
                                                  "/estimate.world"};

void cli_demo_remove(cli_demo_files *u)
{
    for (size_t i = 0; i < CLI_DEMO_FILES; i++)
        unlink(u->paths[i]);
    rmdir(u->folder);
    for (size_t i = 0; i <= CLI_DEMO_FILES; i++)
        dr_leftover_forget(u->leftovers[i]);
}

static dr_status make_folder(cli_demo_files *u)
{
    if (!mkdtemp(u->folder))
        return dr_fail(DR_MACHINE, "%s: cannot be made: %s", u->folder, strerror(errno));
    bool noted = (u->leftovers[0] = dr_leftover_add(u->folder)) != NULL;
    for (size_t i = 0; i < CLI_DEMO_FILES; i++) {
        snprintf(u->paths[i], sizeof u->paths[i], "%s%s", u->folder, strchr(names[i], '/'));
        noted &= (u->leftovers[1 + i] = dr_leftover_add(u->paths[i])) != NULL;
    }
    return noted ? DR_OK : dr_fail_memory();
}

static dr_status unpack_file(const char *name, const char *path)
{
    const dr_embedded *embedded = dr_embedded_find(name);
    if (!embedded)
        return dr_fail(DR_MACHINE, "%s is not built into this program", name);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(embedded->bytes, 1, embedded->size, file) == embedded->size;
    if ((file && fclose(file) != 0) || !written)
        return dr_fail(DR_MACHINE, "%s: cannot be written: %s", path, strerror(errno));
    return DR_OK;
}

dr_status cli_demo_unpack(cli_demo_files *u)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(u->folder, sizeof u->folder, "%s/derisk-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    dr_hold();
    dr_status status = make_folder(u);
    dr_release();
    DR_TRY(status);
    for (size_t i = 0; i < CLI_DEMO_ESTIMATE; i++)
        DR_TRY(unpack_file(names[i], u->paths[i]));
    return DR_OK;
}

dr_status cli_demo_make_sample(const cli_demo_files *u, const char *to)
{
    const char *table = u->paths[CLI_DEMO_TABLE];
    dr_import_options options = {.size = sizeof(dr_import_options),
                                 .year = CLI_DEMO_YEAR,
                                 .sectors = u->paths[CLI_DEMO_SECTORS],
                                 .regions = u->paths[CLI_DEMO_REGIONS],
                                 .source = u->paths[CLI_DEMO_SOURCE]};
    return dr_import_icio(NULL, &table, 1, to, &options);
}

dr_status cli_demo_make_flows(const cli_demo_files *u, const char *to)
{
    dr_import_options options = {.size = sizeof(dr_import_options),
                                 .sectors = u->paths[CLI_DEMO_FLOW_SECTORS],
                                 .regions = u->paths[CLI_DEMO_FLOW_REGIONS],
                                 .source = u->paths[CLI_DEMO_FLOW_SOURCE]};
    return dr_import_long(NULL, u->folder, to, &options);
}

dr_status cli_demo_make_estimate(const cli_demo_files *u, const char *sample, const char *flows)
{
    const dr_update_options options = {.size = sizeof options, .from = CLI_DEMO_YEAR};
    dr_world *world = NULL, *trade = NULL;
    DR_TRY(dr_world_open(&world, sample));
    dr_status status = dr_world_open(&trade, flows);
    if (status == DR_OK)
        status = dr_world_update(NULL, world, trade, u->paths[CLI_DEMO_ESTIMATE], &options);
    dr_world_close(trade);
    dr_world_close(world);
    return status;
}
