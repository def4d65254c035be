#include "world/describe.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/print.h"

void dr_describe(dr_table *table, const char *world, int year, const char *unit, const char *source)
{
    dr_table_add_fact_text(table, "world", world);
    if (year)
        dr_table_add_fact(table, "year", year);
    dr_table_add_fact_text(table, "unit", unit);
    dr_table_add_fact_text(table, "source", source);
}

void dr_describe_title(dr_table *table, int year, const char *format, ...)
{
    char title[512];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(title, sizeof title, format, arguments);
    va_end(arguments);
    if (year)
        dr_table_set_title(table, "%s, %d", title, year);
    else
        dr_table_set_title(table, "%s", title);
}
