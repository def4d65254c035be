#include "world/sides.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "world/select.h"

dr_status dr_sides_read(dr_sides *out, const dr_economy *e, const dr_own_groups *own, const char *of, const char *to)
{
    size_t others = 0;
    *out = (dr_sides){.of = dr_new(e->regions, sizeof *out->of), .to = dr_new(e->regions, sizeof *out->to)};
    if (!out->of || !out->to)
        return dr_fail_memory();
    DR_TRY(dr_select_list(dr_select_region, e, own, of, out->of, &out->named));
    DR_TRY(dr_select_list(dr_select_region, e, own, to ? to : "all", out->to, &out->named));
    for (size_t i = 0; i < e->regions; i++)
        others += out->to[i] = out->to[i] && !out->of[i];
    if (others == 0 && to)
        return dr_fail(DR_BAD_INPUT, "'%s' has no region outside '%s': name another partner", to, of);
    if (others == 0)
        return dr_fail(DR_BAD_INPUT, "'%s' is the whole world: there is no partner left", of);
    return DR_OK;
}

void dr_sides_free(dr_sides *sides)
{
    free(sides->of);
    free(sides->to);
    dr_named_free(&sides->named);
}

dr_status dr_sides_copy(dr_sides *out, const dr_sides *sides, size_t regions)
{
    *out = (dr_sides){
        .of = dr_new(regions, sizeof *out->of), .to = dr_new(regions, sizeof *out->to), .inside = sides->inside};
    if (!out->of || !out->to)
        return dr_fail_memory();
    memcpy(out->of, sides->of, regions * sizeof *out->of);
    memcpy(out->to, sides->to, regions * sizeof *out->to);
    return dr_named_merge(&out->named, &sides->named, regions);
}

dr_status dr_sides_apart(const dr_sides *sides, const dr_economy *e, const char *of, const char *to)
{
    char names[DR_GROUP_NAMES_SIZE];
    size_t pairs = 0, together = 0;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && sides->of[n]; i++) {
            pairs += sides->to[i];
            together += sides->to[i] && dr_named_together(&sides->named, n, i);
        }
    if (together == 0)
        return DR_OK;
    dr_named_list(names, &sides->named);
    if (together == pairs)
        return dr_fail(DR_BAD_INPUT,
                       "all trade of %s with %s is between members of %s; 'inside: true' (or --inside) "
                       "includes it",
                       of, to, names);
    return dr_fail(DR_BAD_INPUT,
                   "part of the trade of %s with %s (%zu of %zu pairs) is between members of %s; 'inside: true' (or "
                   "--inside) includes it, or name the others one by one",
                   of, to, together, pairs, names);
}
