#include "world/factor_names.h"

#include "base/rows.h"
#include "world/products.h"

dr_status dr_factors_read(dr_names *names, const dr_duck *duck, int year)
{
    bool there = false;
    DR_TRY(dr_products_table(duck, "factor_income", &there));
    if (!there)
        return DR_OK;
    return dr_cursor_names(
        names, duck, "SELECT factor FROM factor_income WHERE year = %d GROUP BY factor ORDER BY min(rowid)", year);
}
