#include "cli/side_by_side.h"

#include "base/table_rows.h"

dr_status cli_side_add(dr_table **all, const char *column, const char *name, dr_table *of)
{
    DR_TRY(dr_table_insert(of, 0, (dr_column_spec){column, DR_SHOW_TEXT}));
    for (size_t row = 0; row < dr_table_rows(of); row++)
        dr_table_set_text(of, row, 0, name);
    dr_table_drop_facts(of, "scenario");
    if (!*all)
        DR_TRY(dr_table_alike(all, of));
    (*all)->rank = -1; /* the order of scenarios */
    dr_status status = dr_table_join(*all, of);
    return status == DR_BAD_INPUT ? dr_fail_at(status, name) : status;
}
