#include "world/factor_names.h"

#include "base/sql.h"
#include "world/products.h"
#include "world/world_sql.h"

dr_status dr_factors_read(dr_names *names, const dr_duck *duck, int year)
{
    bool there = false;
    DR_TRY(dr_products_table(duck, "factor_income", &there));
    if (!there)
        return DR_OK;
    return dr_sql_names(names, duck, dr_world_sql.years.factors, DR_VALUES(dr_sql_integer("year", year)));
}
