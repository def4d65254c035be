#include "report/table_write.h"

dr_status dr_write_parquet(const dr_table *table, const dr_output *output)
{
    (void)table;
    (void)output;
    return dr_fail(DR_USAGE, "this build of derisk writes no Parquet; expected text, csv, json or latex");
}
