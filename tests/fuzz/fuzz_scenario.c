/* Any bytes as a scenario: applied or refused; what was applied leaves every flow with a sound price. */
#define _GNU_SOURCE /* memfd_create, in fuzz.h */
#include "fuzz.h"

#include <math.h>

#include "solve/scenario.h"

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
    return economy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static dr_economy *economy = NULL;
    if (!economy)
        economy = new_economy();
    dr_scenario *scenario = NULL;
    dr_status status = dr_scenario_load(&scenario, economy, fuzz_path(bytes, size));
    fuzz_expect(status);
    if (status == DR_OK) {
        for (size_t flow = 0; flow < R * R * S; flow++)
            if (isnan(dr_scenario_kappa(scenario, 0, flow)) || !(dr_scenario_kappa(scenario, 0, flow) > 0))
                abort();
        dr_scenario_free(scenario);
    }
    return 0;
}
