/* Products within imports need the product flows of a world file, which this build does not read. */
#include "model/tier.h"

dr_status dr_tier_fill(dr_model *model)
{
    (void)model;
    return dr_fail(DR_USAGE, "this build of derisk has no products within imports; expected products average");
}

void dr_tier_free(dr_tier *tier)
{
    (void)tier;
}

size_t dr_tier_cell(const dr_tier *tier, size_t block, unsigned product)
{
    (void)tier;
    (void)product;
    return block;
}

size_t dr_tier_cell_of(const dr_tier *tier, size_t block, unsigned source)
{
    (void)tier;
    (void)source;
    return block;
}

double dr_tier_value(const dr_model *model, size_t flow, size_t row, size_t cell)
{
    (void)row;
    (void)cell;
    return model->base.flow[flow];
}

const char *dr_tier_code(const dr_tier *tier, unsigned product)
{
    (void)tier;
    (void)product;
    return "";
}
