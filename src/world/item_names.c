#include "world/item_names.h"

#include "base/sql.h"
#include "world/products.h"
#include "world/world_sql.h"

dr_status dr_items_read(dr_names *names, const dr_duck *duck, const dr_cells *cells, int year)
{
    bool there = false;
    DR_TRY(dr_products_table(duck, cells->table, &there));
    if (!there)
        return DR_OK;
    return dr_sql_names(names, duck, dr_world_sql.years.items,
                        DR_VALUES(dr_sql_name("item", cells->item.listed), dr_sql_name("table", cells->item.table),
                                  dr_sql_integer("year", year)));
}
