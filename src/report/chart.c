#include "report/chart.h"

#include <math.h>

#include "base/print.h"

enum { CELLS = 60 };

/* The range of both columns, zero included. */
static void range_of(const dr_table *table, size_t first, size_t second, double *least, double *most)
{
    *least = *most = 0;
    for (size_t row = 0; row < table->rows; row++) {
        double a = dr_table_number(table, row, first), b = dr_table_number(table, row, second);
        *least = fmin(*least, fmin(a, b));
        *most = fmax(*most, fmax(a, b));
    }
}

/* Whether a bar from zero to `number` covers the cell whose middle is at `at`. */
static bool covers(double number, double at)
{
    return number < 0 ? number <= at && at < 0 : 0 < at && at <= number;
}

static const char *cell_text(double a, double b, double at)
{
    return covers(b, at) ? "█" : covers(a, at) ? "░" : " ";
}

void dr_chart_write(const dr_table *table, size_t key, size_t first, size_t second, FILE *file)
{
    double least, most;
    range_of(table, first, second, &least, &most);
    double cell = (most - least) / CELLS;
    long below = cell > 0 ? lround(-least / cell) : 0; /* cells left of zero */
    for (size_t row = 0; row < table->rows; row++) {
        double a = dr_table_number(table, row, first), b = dr_table_number(table, row, second);
        long above = cell > 0 ? lround(fmax(0, fmax(a, b)) / cell) : 0;
        dr_print(file, "%.0f  ", dr_table_number(table, row, key));
        for (long i = -below; i < 0; i++)
            fputs(cell_text(a, b, ((double)i + 0.5) * cell), file);
        fputs("│", file);
        for (long i = 0; i < above; i++)
            fputs(cell_text(a, b, ((double)i + 0.5) * cell), file);
        fputc('\n', file);
    }
}
