/* The factors of a model: one, which is value added itself, or several, each in fixed supply, mobile between sectors or
 * not (psi). */
#include <strings.h>

#include "model/factors.h"
#include "model/model.h"

const char *dr_factor_name(const dr_model *m, size_t factor)
{
    return m->economy->factors.count ? m->economy->factors.names[factor] : "value added";
}

bool dr_factor_is_labour(const dr_model *m, size_t factor)
{
    const char *name = dr_factor_name(m, factor);
    return m->factors == 1 || strncasecmp(name, "labour", 6) == 0 || strncasecmp(name, "labor", 5) == 0;
}

double dr_factor_mobility(const dr_model *m, size_t factor)
{
    return dr_factor_is_labour(m, factor) ? m->nests.psi : m->nests.psi_other;
}

double dr_factor_base(const dr_model *m, size_t factor, size_t n, size_t s)
{
    double value_added = m->base.value_added[n * m->sectors + s];
    return m->factors > 1 ? m->base.factor_share[(factor * m->regions + n) * m->sectors + s] * value_added
                          : value_added;
}
