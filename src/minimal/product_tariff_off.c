/* Tariffs on products need the product flows of a world file, which this build does not read. */
#include "scenario/product_tariff.h"

static dr_status refuse(void)
{
    return dr_fail(DR_USAGE, "this build of derisk has no tariffs on products; expected sectors");
}

void dr_product_tariffs_free(dr_product_tariffs *tariffs)
{
    (void)tariffs;
}

dr_status dr_product_tariffs_need(dr_scenario *scenario)
{
    (void)scenario;
    return refuse();
}

dr_status dr_product_set_new(dr_product_set *out, const dr_scenario *scenario)
{
    (void)out;
    (void)scenario;
    return refuse();
}

void dr_product_set_clear(dr_product_set *set)
{
    (void)set;
}

dr_status dr_product_set_add(dr_product_set *set, const dr_scenario *scenario, const char *name)
{
    (void)set;
    (void)scenario;
    (void)name;
    return refuse();
}

dr_status dr_product_set_read(dr_product_set *set, const dr_scenario *scenario, const char *path)
{
    (void)set;
    (void)scenario;
    (void)path;
    return refuse();
}

dr_status dr_product_tariff(dr_scenario *scenario, const dr_change *change, const dr_product_set *set, bool *any,
                            bool *left)
{
    (void)scenario;
    (void)change;
    (void)set;
    (void)any;
    (void)left;
    return refuse();
}

dr_status dr_product_tariff_note(dr_scenario *scenario, const char *name)
{
    (void)scenario;
    (void)name;
    return DR_OK;
}

void dr_product_tariff_forget(dr_product_tariffs *tariffs, size_t flow)
{
    (void)tariffs;
    (void)flow;
}
