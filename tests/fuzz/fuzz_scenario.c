/* Any bytes as a scenario: applied or refused; what was applied leaves every flow with a sound price. */
#include "fuzz.h"

#include <math.h>

#include "scenario/scenario.h"

enum { R = 3, S = 2 };

/* Two regions that the seeds name and one more, trading evenly. */
static dr_economy *new_economy(void)
{
    static const char *const regions[R] = {"DEU", "CHN", "USA"}, *const sectors[S] = {"C26", "C29"};
    static double flow[R * R * S], input[R * S * S], final[R * S];
    for (size_t i = 0; i < R * R * S; i++)
        flow[i] = 1;
    for (size_t i = 0; i < R * S * S; i++)
        input[i] = 0.5;
    for (size_t i = 0; i < R * S; i++)
        final[i] = 2;
    dr_economy *economy = NULL;
    dr_economy_data data = {.regions = R,
                            .sectors = S,
                            .region_codes = regions,
                            .sector_codes = sectors,
                            .flow = flow,
                            .input = input,
                            .final = final};
    if (dr_economy_new(&economy, &data) != DR_OK)
        abort();
    economy->year = 2011;
    for (size_t i = 0; i < R; i++)
        economy->region_parts[i] = regions[i];
    for (size_t i = 0; i < 2; i++) /* DEU, that may leave; USA may join */
        if (dr_roster_add(&economy->roster, "EU", "European Union", regions[i], 19580101, 99991231) != DR_OK)
            abort();
    if (dr_economy_groups(economy) != DR_OK)
        abort();
    return economy;
}

static char folder[] = "/tmp/derisk-fuzz-XXXXXX", link_path[64];

static void remove_folder(void)
{
    unlink(link_path);
    rmdir(folder);
}

/* The scenario as a file in a folder where it is alone: other files that it names are looked for beside it, and among
 * the files that this process has open there are some that nobody can read, or that never end. */
static const char *scenario_path(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_path(bytes, size);
    if (!link_path[0]) {
        if (!mkdtemp(folder))
            abort();
        snprintf(link_path, sizeof link_path, "%s/scenario.yaml", folder);
        if (symlink(path, link_path) != 0 || atexit(remove_folder) != 0)
            abort();
    }
    return link_path;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static dr_economy *economy = NULL;
    if (!economy)
        economy = new_economy();
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_load(&scenario, economy, scenario_path(bytes, size));
    fuzz_expect(status);
    if (status == DR_OK) {
        for (size_t flow = 0; flow < R * R * S; flow++)
            if (isnan(dr_scenario_kappa(scenario, 0, flow, 5)) || !(dr_scenario_kappa(scenario, 0, flow, 5) > 0))
                abort();
        dr_scenario_free(scenario);
    }
    return 0;
}
