/* Changes of products need the product flows of a world file, which this build does not read. */
#include "scenario/product_change.h"

static dr_status refuse(void)
{
    return dr_fail(DR_USAGE, "this build of derisk has no changes of products; expected sectors");
}

void dr_product_changes_free(dr_product_changes *changes)
{
    (void)changes;
}

dr_status dr_product_changes_copy(dr_scenario *to, const dr_scenario *from)
{
    (void)to;
    (void)from;
    return DR_OK;
}

dr_status dr_product_changes_need(dr_scenario *scenario)
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

void dr_product_set_mark(dr_product_set *set, size_t product)
{
    (void)set;
    (void)product;
}

dr_status dr_product_set_add(dr_product_set *set, const dr_scenario *scenario, const char *name)
{
    (void)set;
    (void)scenario;
    (void)name;
    return refuse();
}

dr_status dr_product_set_list(dr_product_set *set, const dr_scenario *scenario, const char *list)
{
    (void)set;
    (void)scenario;
    (void)list;
    return refuse();
}

bool dr_product_list(const char *list)
{
    (void)list;
    return false;
}

dr_status dr_product_set_read(dr_product_set *set, const dr_scenario *scenario, const char *path)
{
    (void)set;
    (void)scenario;
    (void)path;
    return refuse();
}

dr_status dr_product_quantities(dr_scenario *scenario, dr_change *change)
{
    (void)scenario;
    (void)change;
    return DR_OK;
}

dr_status dr_product_quantities_note(dr_scenario *scenario, const dr_change *change)
{
    (void)scenario;
    (void)change;
    return DR_OK;
}

dr_status dr_product_change(dr_scenario *scenario, const dr_change *change, bool *any, bool *left)
{
    (void)scenario;
    (void)change;
    (void)any;
    (void)left;
    return refuse();
}

dr_status dr_product_change_note(dr_scenario *scenario, const char *name)
{
    (void)scenario;
    (void)name;
    return DR_OK;
}

void dr_product_change_forget(dr_product_changes *changes, int kind, size_t flow)
{
    (void)changes;
    (void)kind;
    (void)flow;
}

bool dr_scenario_products(const dr_scenario *scenario)
{
    (void)scenario;
    return false;
}

bool dr_products_need_nest(const dr_scenario *scenario)
{
    (void)scenario;
    return false;
}

bool dr_products_of_flow(const dr_scenario *scenario, size_t flow)
{
    (void)scenario;
    (void)flow;
    return false;
}

bool dr_product_wedges_of(const dr_scenario *scenario, size_t flow)
{
    (void)scenario;
    (void)flow;
    return false;
}

double dr_product_part(const dr_scenario *scenario, size_t flow, unsigned row)
{
    (void)scenario;
    (void)flow;
    (void)row;
    return 1;
}

dr_status dr_product_taxes(dr_scenario *scenario)
{
    (void)scenario;
    return DR_OK;
}

double dr_product_tariff(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row)
{
    (void)scenario;
    (void)flow;
    (void)row;
    return base_tariff;
}

double dr_product_rate(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row)
{
    (void)scenario;
    (void)flow;
    (void)row;
    return base_tariff;
}

double dr_product_kappa(const dr_scenario *scenario, double base_tariff, size_t flow, unsigned row, double theta)
{
    (void)scenario;
    (void)flow;
    (void)row;
    (void)theta;
    return 1 + base_tariff;
}

dr_status dr_product_changes_write(FILE *file, const dr_scenario *scenario)
{
    (void)file;
    (void)scenario;
    return DR_OK;
}

dr_status dr_product_bans_write(FILE *file, const dr_scenario *scenario)
{
    (void)file;
    (void)scenario;
    return DR_OK;
}

dr_status dr_product_limit_write(FILE *file, const dr_scenario *scenario, const dr_volume_limit *limit, const bool *by,
                                 const bool *on)
{
    (void)file;
    (void)scenario;
    (void)limit;
    (void)by;
    (void)on;
    return refuse();
}

double dr_product_limit_rate(const dr_scenario *scenario, const dr_volume_limit *limit)
{
    return scenario->rate[limit->flows[0]];
}

bool dr_product_under(const dr_scenario *scenario, size_t flow, double *rate)
{
    (void)scenario;
    (void)flow;
    (void)rate;
    return false;
}

bool dr_product_costs_of(const dr_scenario *scenario, size_t flow)
{
    (void)scenario;
    (void)flow;
    return false;
}
