#include "world/icio_rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/portable.h"
#include "base/sql.h"
#include "world/walk.h"
#include "world/world_sql.h"

/* ---- Writing ---- */

/* The columns of both tables. */
enum { YEAR, ORIGIN, SUPPLIER, DESTINATION, CODES, AMOUNTS };

/* One block of the table: the purchases of sectors, or of final users. */
typedef struct block {
    const char *table;
    size_t first, width; /* of its columns: [first + n * width + u] */
    dr_append rows;
    double *amounts;  /* [width] */
    unsigned *codes;  /* [width]; of the numbers that are not zero */
    dr_totals totals; /* [region * regions + region] */
    size_t beyond;    /* 1 + the code of a number that is none; 0: all are */
} block;

/* What region n buys of a row, in place and in the total of the pair; returns how many numbers are not zero. */
static size_t gather(block *b, const dr_icio *table, size_t row, size_t n, size_t place, dr_total *total)
{
    const size_t *columns = table->columns + b->first + n * b->width;
    const double *cells = table->rows[row];
    size_t filled = 0;
    bool fine = true;
    for (size_t u = 0; u < b->width; u++) {
        double amount = b->amounts[u] = cells[columns[u]];
        b->codes[filled] = (unsigned)u;
        filled += amount != 0;
        fine &= fabs(amount) <= DR_LARGEST;
    }
    for (size_t u = 0; u < b->width && !fine; u++)
        if (!(fabs(b->amounts[u]) <= DR_LARGEST))
            b->beyond = u + 1;
    dr_total_add_list(total, place, NULL, b->amounts, b->width);
    return filled;
}

static dr_status fail_beyond(const block *b, const dr_layout *layout, int year, size_t row, size_t n)
{
    const dr_cells *cells = dr_cells_find(b->table);
    const size_t sectors = layout->sectors.count, index[] = {row / sectors, row % sectors, n, b->beyond - 1};
    char name[256];
    return dr_fail(DR_BAD_INPUT,
                   "the column 'value' of the table '%s' is not a finite number of at most 1e30 in %d, for %s",
                   cells->table, year, dr_cells_name(name, cells, layout, index));
}

static dr_status append_row(block *b, const dr_layout *layout, const dr_icio *table, size_t row, size_t n)
{
    size_t regions = layout->regions.count, sectors = layout->sectors.count;
    size_t place = (row * regions + n) * b->width, length = b->width;
    size_t filled = gather(b, table, row, n, place, &b->totals.total[row / sectors * regions + n]);
    if (b->beyond)
        return fail_beyond(b, layout, table->year, row, n);
    if (filled == 0)
        return DR_OK;
    dr_append_index(&b->rows, YEAR, (size_t)table->year);
    dr_append_index(&b->rows, ORIGIN, row / sectors);
    dr_append_index(&b->rows, SUPPLIER, row % sectors);
    dr_append_index(&b->rows, DESTINATION, n);
    if (2 * filled < b->width) {
        for (length = 0; length < filled; length++)
            b->amounts[length] = b->amounts[b->codes[length]];
        dr_append_indices(&b->rows, CODES, b->codes, length);
    } else
        dr_append_null(&b->rows, CODES);
    dr_append_numbers(&b->rows, AMOUNTS, b->amounts, length);
    return dr_append_row(&b->rows);
}

static dr_status append_rows(block *b, const dr_duck *duck, const dr_layout *layout, const dr_icio *table)
{
    size_t regions = layout->regions.count, sectors = layout->sectors.count;
    dr_status status = DR_OK;
    DR_TRY(dr_append_open(&b->rows, duck, b->table));
    for (size_t pair = 0; pair < regions * regions && status == DR_OK; pair++)
        for (size_t s = 0; s < sectors && status == DR_OK; s++)
            status = append_row(b, layout, table, pair / regions * sectors + s, pair % regions);
    return dr_append_end(&b->rows, status);
}

/* Writes a block of the table, and with `sums` those of its cells. */
static dr_status write_block(block *b, const dr_duck *duck, const dr_layout *layout, const dr_icio *table, bool sums)
{
    size_t regions = layout->regions.count;
    b->amounts = dr_new_doubles(b->width);
    b->codes = dr_new(b->width, sizeof *b->codes);
    b->totals = (dr_totals){dr_new(regions * regions, sizeof *b->totals.total), regions * regions};
    dr_status status =
        b->amounts && b->codes && b->totals.total ? append_rows(b, duck, layout, table) : dr_fail_memory();
    if (status == DR_OK && sums)
        status = dr_sums_write_totals(&b->totals, duck, layout, table->year, dr_cells_find(b->table), 0, NULL);
    free(b->amounts);
    free(b->codes);
    free(b->totals.total);
    return status;
}

static dr_status write_rows(const dr_duck *duck, const dr_layout *layout, const dr_icio *table, bool sums)
{
    block intermediate = {.table = "intermediate_row", .width = layout->sectors.count};
    block final = {.table = "final_row", .width = layout->uses.count};
    final.first = layout->regions.count * layout->sectors.count;
    DR_TRY(write_block(&intermediate, duck, layout, table, sums));
    return write_block(&final, duck, layout, table, sums);
}

dr_status dr_icio_rows_write(const dr_duck *duck, const dr_layout *layout, const dr_icio *table)
{
    return write_rows(duck, layout, table, true);
}

/* ---- Worlds of earlier versions ---- */

/* A year's cells, dense, and how they are to be found. */
typedef struct year_cells {
    double *cells, **rows;
    size_t *columns;
    size_t industries, width;
} year_cells;

static void free_cells(year_cells *y)
{
    free(y->cells);
    free(y->rows);
    free(y->columns);
}

static dr_status take_cells(year_cells *y, const dr_layout *layout)
{
    y->industries = layout->regions.count * layout->sectors.count;
    y->width = y->industries + layout->regions.count * layout->uses.count;
    if (8 * (double)y->industries * (double)y->width > dr_memory_available())
        return dr_fail(DR_MACHINE, "a table of %zu x %zu cells is too large for the memory of this machine",
                       y->industries, y->width);
    y->cells = dr_new_doubles(y->industries * y->width);
    y->rows = dr_new(y->industries, sizeof *y->rows);
    y->columns = dr_new(y->width, sizeof *y->columns);
    if (!y->cells || !y->rows || !y->columns)
        return dr_fail_memory();
    for (size_t i = 0; i < y->industries; i++)
        y->rows[i] = y->cells + i * y->width;
    for (size_t i = 0; i < y->width; i++)
        y->columns[i] = i;
    return DR_OK;
}

static dr_status read_cells(year_cells *y, const dr_duck *duck, const dr_layout *layout, int year)
{
    size_t sectors = layout->sectors.count, uses = layout->uses.count;
    dr_sum sums[] = {{.target = y->cells, .stride = {sectors * y->width, y->width, sectors, 1}},
                     {.target = y->cells, .offset = y->industries, .stride = {sectors * y->width, y->width, uses, 1}}};
    static const char *const tables[] = {"intermediate", "final"};
    for (size_t i = 0; i < y->industries * y->width; i++)
        y->cells[i] = 0;
    for (size_t i = 0; i < 2; i++) {
        dr_walk walk = {.table = tables[i], .add = dr_walk_sum, .user = &sums[i]};
        DR_TRY(dr_walk_duck(&walk, duck, layout, DR_LISTS_VERSION - 1, year));
    }
    return DR_OK;
}

static dr_status convert_years(year_cells *y, const dr_duck *duck, const dr_layout *layout, bool sums, const int *years,
                               size_t count)
{
    DR_TRY(take_cells(y, layout));
    for (size_t i = 0; i < count; i++) {
        const dr_icio table = {.year = years[i], .rows = y->rows, .columns = y->columns};
        DR_TRY(read_cells(y, duck, layout, years[i]));
        DR_TRY(write_rows(duck, layout, &table, sums));
    }
    return DR_OK;
}

dr_status dr_icio_rows_convert(const dr_duck *duck, const dr_layout *layout, bool sums)
{
    year_cells y = {0};
    int *years = NULL;
    size_t count = 0;
    DR_TRY(dr_tables_create(duck, DR_OF_ROWS));
    dr_status status = dr_sql_list(&years, &count, duck, dr_world_sql.years.years, NULL);
    if (status == DR_OK)
        status = convert_years(&y, duck, layout, sums, years, count);
    free(years);
    free_cells(&y);
    DR_TRY(status);
    DR_TRY(dr_sql_run(duck, dr_world_sql.schema.drop_cells, NULL));
    return dr_views_create(duck, DR_OF_ROWS, false);
}
