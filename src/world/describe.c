#include "world/describe.h"

void dr_describe(dr_table *table, const char *world, int year, const char *unit, const char *source)
{
    dr_table_add_fact_text(table, "world", world);
    if (year)
        dr_table_add_fact(table, "year", year);
    dr_table_add_fact_text(table, "unit", unit);
    dr_table_add_fact_text(table, "source", source);
}
