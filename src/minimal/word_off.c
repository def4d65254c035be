#include "report/table_write.h"

dr_status dr_write_word(const dr_table *table, FILE *file)
{
    (void)table;
    (void)file;
    return dr_fail(DR_USAGE, "this build of derisk writes no documents of Word; expected text, csv, json or html");
}
