#include "measure/content.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void dr_content_bought(double *bought, const double *content, const dr_supply_shares *q)
{
    size_t r = q->regions, s = q->sectors;
    memset(bought, 0, r * s * sizeof *bought);
    for (size_t n = 0; n < r; n++)
        for (size_t i = 0; i < r; i++)
            for (size_t k = 0; k < s; k++)
                bought[n * s + k] += q->source[(n * r + i) * s + k] * content[i * s + k];
}

/* A stage: what the inputs of a unit of output hold that was added at the last one. Returns the largest. */
static double stage(double *added, double *bought, const dr_supply_shares *q)
{
    size_t s = q->sectors;
    double largest = 0;
    dr_content_bought(bought, added, q);
    memset(added, 0, q->regions * s * sizeof *added);
    for (size_t n = 0; n < q->regions; n++)
        for (size_t k = 0; k < s; k++)
            for (size_t j = 0; j < s; j++)
                added[n * s + j] += q->input[(n * s + k) * s + j] * bought[n * s + k];
    for (size_t at = 0; at < q->regions * s; at++)
        largest = fmax(largest, fabs(added[at]));
    return largest;
}

dr_status dr_content(double *content, const double *direct, const dr_supply_shares *q)
{
    enum { MOST_STAGES = 5000 };
    const double negligible = 1e-15;
    size_t cells = q->regions * q->sectors, stages = 0;
    double *added = dr_new_doubles(cells), *bought = dr_new_doubles(cells), largest = 0, more = INFINITY;
    if (!added || !bought) {
        free(added);
        free(bought);
        return dr_fail_memory();
    }
    memcpy(content, direct, cells * sizeof *content);
    memcpy(added, direct, cells * sizeof *added);
    for (size_t at = 0; at < cells; at++)
        largest = fmax(largest, fabs(direct[at]));
    for (; more > negligible * largest && stages < MOST_STAGES; stages++) {
        more = stage(added, bought, q);
        for (size_t at = 0; at < cells; at++)
            content[at] += added[at];
    }
    free(added);
    free(bought);
    return stages < MOST_STAGES ? DR_OK
                                : dr_fail(DR_BAD_INPUT,
                                          "what is embodied in output has no end in %d stages of "
                                          "production; expected sectors that leave output for final use",
                                          MOST_STAGES);
}
