#include "report/wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "derisk.h"

static dr_status make_table(dr_table **out, const dr_table *table, size_t key, size_t value, size_t count)
{
    dr_column_spec *columns = dr_new(1 + count, sizeof *columns);
    if (!columns)
        return dr_fail_memory();
    columns[0] = (dr_column_spec){table->columns[key].name, table->columns[key].show};
    for (size_t k = 0; k < count; k++)
        columns[1 + k] = (dr_column_spec){table->columns[value].name, table->columns[value].show};
    dr_status status = dr_table_new(out, columns, 1 + count);
    free(columns);
    return status;
}

dr_status dr_wide_table(dr_table **out, const dr_table *table, size_t key, size_t name, size_t value,
                        const char *const *names, size_t count)
{
    dr_table *wide = NULL;
    DR_TRY(make_table(&wide, table, key, value, count));
    dr_table_caption(wide, table);
    for (size_t i = 0; i < table->rows; i++)
        for (size_t k = 0; k < count; k++) {
            double number = dr_table_number(table, i, key);
            if (strcmp(dr_table_text(table, i, name), names[k]) != 0)
                continue;
            if (wide->rows == 0 || dr_table_number(wide, wide->rows - 1, 0) != number)
                dr_table_set_number(wide, dr_table_add_row(wide), 0, number);
            dr_table_set_number(wide, wide->rows - 1, 1 + k, dr_table_number(table, i, value));
        }
    return dr_table_finish(out, wide, DR_OK);
}
