#include <math.h>
#include <string.h>

#include "report/number.h"
#include "report/table_write.h"

static void write_field(FILE *file, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            fputc('"', file);
        fputc(*c, file);
    }
    fputc('"', file);
}

void dr_write_csv_header(const dr_table *table, FILE *file)
{
    for (size_t j = 0; j < table->column_count; j++) {
        write_field(file, table->columns[j].name);
        fputc(j + 1 < table->column_count ? ',' : '\n', file);
    }
}

void dr_write_csv_rows(const dr_table *table, FILE *file)
{
    char digits[DR_NUMBER_SIZE];
    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->column_count; j++) {
            const dr_column *column = &table->columns[j];
            if (column->show == DR_SHOW_TEXT)
                write_field(file, column->texts[i]);
            else if (!isnan(column->numbers[i]))
                fputs(dr_number_exact(digits, column->numbers[i]), file);
            fputc(j + 1 < table->column_count ? ',' : '\n', file);
        }
    }
}

void dr_write_csv(const dr_table *table, FILE *file)
{
    dr_write_csv_header(table, file);
    dr_write_csv_rows(table, file);
}
