#include "world/walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/portable.h"
#include "base/sql.h"
#include "world/item_names.h"
#include "world/walk_pass.h"
#include "world/world_sql.h"

static double number_of(const dr_walk *walk, dr_added added, const double *values, size_t row)
{
    switch (added) {
    case DR_ADD_TARIFF:
        return walk->tariffs[row];
    case DR_ADD_REVENUE:
        return values[row] * walk->tariffs[row];
    case DR_ADD_SPENDING:
        return values[row] * (1 + walk->tariffs[row]);
    case DR_ADD_ONE:
        return 1;
    default:
        return values[row];
    }
}

void dr_walk_sum(dr_walk *walk, const double *values)
{
    dr_sum *sum = walk->user;
    for (size_t row = 0; row < walk->rows; row++) {
        size_t cell = sum->offset;
        for (size_t i = 0; i < walk->indices; i++) {
            size_t index = walk->index[i][row];
            cell += sum->stride[i] * (sum->map[i] ? sum->map[i][index] : index);
        }
        double number = number_of(walk, sum->added, values, row);
        sum->target[cell] += number;
        sum->total += number;
        sum->size += fabs(number);
    }
    sum->count += walk->rows;
}

void dr_walk_sum_list(dr_walk *walk, const dr_walk_list *list)
{
    dr_sum *sum = walk->user;
    const size_t last = walk->indices - 1, stride = sum->stride[last], *map = sum->map[last];
    double *target = sum->target + sum->offset;
    for (size_t i = 0; i < last; i++)
        target += sum->stride[i] * (sum->map[i] ? sum->map[i][list->head[i]] : list->head[i]);
    for (size_t j = 0; j < list->length; j++) {
        size_t code = list->codes ? list->codes[j] : j;
        double number = sum->added == DR_ADD_ONE ? list->numbers[j] != 0 : list->numbers[j];
        target[stride * (map ? map[code] : code)] += number;
        sum->total += number;
        sum->size += fabs(number);
        sum->count += list->numbers[j] != 0;
    }
}

bool dr_sum_kept(const dr_sum *sum, size_t count, double *found)
{
    const double tolerance = 1e-9;
    *found = 0;
    for (size_t i = 0; i < count; i++)
        *found += sum->target[i];
    return fabs(*found - sum->total) <= tolerance * sum->size; /* which no NAN is */
}

/* ---- Checks of a chunk ---- */

dr_status dr_pass_fail(const dr_pass *p, const size_t *index, const char *column, const char *what)
{
    char name[256];
    return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is %s in %d, for %s", column, p->cells->table, what,
                   p->year, dr_cells_name(name, p->cells, p->layout, index));
}

static dr_status fail_row(const dr_pass *p, size_t row, const char *column, const char *what)
{
    size_t index[DR_MOST_INDICES];
    for (size_t i = 0; i < p->walk->indices; i++)
        index[i] = p->walk->index[i][row];
    return dr_pass_fail(p, index, column, what);
}

static size_t first_null(const dr_vector *vector, size_t rows)
{
    size_t row = 0;
    while (row < rows && (!vector->valid || (vector->valid[row / 64] >> (row % 64) & 1)))
        row = vector->valid ? row + 1 : rows;
    return row;
}

/* A file that someone has changed must not lead outside the arrays. */
dr_status dr_pass_codes(dr_pass *p, const dr_cursor *cursor, size_t i, unsigned *codes)
{
    const dr_vector *vector = &cursor->column[i];
    if (first_null(vector, cursor->rows) < cursor->rows)
        return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is NULL in %d; expected a code",
                       p->cells->columns[i], p->cells->table, p->year);
    dr_cursor_indices(cursor, i, codes);
    for (size_t row = 0; row < cursor->rows; row++)
        if (codes[row] >= p->limits[i])
            return dr_fail(DR_BAD_INPUT,
                           "the column '%s' of the table '%s' has the code %u in %d; expected one below %zu",
                           p->cells->columns[i], p->cells->table, codes[row], p->year, p->limits[i]);
    return DR_OK;
}

static dr_status check_numbers(const dr_pass *p, size_t measure, const double *numbers)
{
    bool fine = true;
    for (size_t row = 0; row < p->walk->rows; row++)
        fine &= fabs(numbers[row]) <= DR_LARGEST;
    for (size_t row = 0; !fine && row < p->walk->rows; row++)
        if (!(fabs(numbers[row]) <= DR_LARGEST))
            return fail_row(p, row, p->cells->measures[measure], DR_BEYOND);
    return DR_OK;
}

static dr_status check_column(const dr_pass *p, const dr_cursor *cursor, size_t measure)
{
    const dr_vector *vector = &cursor->column[p->walk->indices + measure];
    if (vector->type != DUCKDB_TYPE_DOUBLE)
        return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' does not hold numbers",
                       p->cells->measures[measure], p->cells->table);
    size_t null = first_null(vector, cursor->rows);
    return null < cursor->rows ? fail_row(p, null, p->cells->measures[measure], "NULL") : DR_OK;
}

dr_status dr_pass_twice(const dr_pass *p, const char *table, const char *name)
{
    return dr_fail(DR_BAD_INPUT, "the table '%s' has two rows in %d of %s; expected one", table, p->year, name);
}

/* Whether the place was there before. */
bool dr_pass_seen(dr_pass *p, size_t place)
{
    uint64_t bit = (uint64_t)1 << (place % 64);
    bool seen = p->seen[place / 64] & bit;
    p->seen[place / 64] |= bit;
    return seen;
}

/* Places of the chunk's cells, none of which was there before. */
static dr_status check_places(dr_pass *p)
{
    for (size_t row = 0; row < p->walk->rows; row++) {
        size_t place = 0;
        for (size_t i = 0; i < p->walk->indices; i++)
            place = place * p->limits[i] + p->walk->index[i][row];
        if (dr_pass_seen(p, place)) {
            size_t index[DR_MOST_INDICES];
            char name[256];
            for (size_t i = 0; i < p->walk->indices; i++)
                index[i] = p->walk->index[i][row];
            return dr_pass_twice(p, p->cells->table, dr_cells_name(name, p->cells, p->layout, index));
        }
        p->place[row] = place;
    }
    return DR_OK;
}

static void add_totals(dr_pass *p, size_t measure, const double *numbers)
{
    dr_totals *totals = &p->totals[measure];
    size_t regions = p->layout->regions.count;
    const unsigned *seller = totals->count > 1 ? p->walk->index[p->cells->seller] : NULL;
    const unsigned *buyer = totals->count > 1 ? p->walk->index[p->cells->buyer] : NULL;
    for (size_t row = 0; row < p->walk->rows;) {
        size_t at = seller ? seller[row] * regions + buyer[row] : 0;
        dr_total total =
            totals
                ->total[at]; /* of the rows that follow each other in it, as they do where nobody changed their order */
        do
            dr_total_add(&total, p->place[row], numbers[row]);
        while (++row < p->walk->rows && (!seller || seller[row] * regions + buyer[row] == at));
        totals->total[at] = total;
    }
}

/* The walk has the codes of `rows` cells, whose places are known, and numbers[measure] are theirs, finite. */
static void take_cells(dr_pass *p, const double *const *numbers)
{
    for (size_t m = 0; m < p->measures && p->totals[m].total; m++)
        add_totals(p, m, numbers[m]);
    p->walk->tariffs = p->measures > 1 ? numbers[1] : NULL;
    if (p->walk->add)
        p->walk->add(p->walk, numbers[0]);
}

static dr_status take_chunk(dr_pass *p, const dr_cursor *cursor)
{
    const double *numbers[DR_MOST_MEASURES] = {NULL};
    p->walk->rows = cursor->rows;
    for (size_t i = 0; i < p->walk->indices; i++)
        DR_TRY(dr_pass_codes(p, cursor, i, p->walk->index[i]));
    for (size_t m = 0; m < p->measures; m++) {
        DR_TRY(check_column(p, cursor, m));
        numbers[m] = cursor->column[p->walk->indices + m].data;
        DR_TRY(check_numbers(p, m, numbers[m]));
    }
    DR_TRY(check_places(p));
    take_cells(p, numbers);
    return DR_OK;
}

/* ---- The query ---- */

static dr_status print_part(FILE *to, const char *statement, const dr_sql_value *values)
{
    char *part = NULL;
    DR_TRY(dr_sql_fill(&part, statement, values));
    fputs(part, to);
    free(part);
    return DR_OK;
}

/* AND origin IN ('AUT'::region_code, ...) */
static dr_status print_regions(FILE *to, const dr_pass *p, int column, const bool *mask)
{
    char *codes = NULL;
    size_t size = 0, count = 0;
    FILE *list = open_memstream(&codes, &size);
    if (!list)
        return dr_fail_memory();
    dr_status status = DR_OK;
    for (size_t i = 0; i < p->layout->regions.count && status == DR_OK; i++) {
        if (!mask[i])
            continue;
        fputs(count++ ? ", " : "", list);
        status = print_part(list, dr_world_sql.years.region_code,
                            DR_VALUES(dr_sql_text("code", p->layout->regions.names[i])));
    }
    if (fclose(list) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = print_part(to, dr_world_sql.years.of_regions,
                            DR_VALUES(dr_sql_name("column", p->cells->columns[column]), dr_sql_part("codes", codes)));
    free(codes);
    return status;
}

static dr_status print_conditions(FILE *to, const dr_pass *p)
{
    if (p->walk->item)
        DR_TRY(print_part(to, dr_world_sql.years.of_item,
                          DR_VALUES(dr_sql_name("column", p->cells->item.column), dr_sql_text("item", p->walk->item))));
    if (p->walk->sellers)
        DR_TRY(print_regions(to, p, p->cells->seller, p->walk->sellers));
    return p->walk->buyers ? print_regions(to, p, p->cells->buyer, p->walk->buyers) : DR_OK;
}

/* Opens the query of the cells, with `conditions` on which of them. */
static dr_status open_cells(dr_cursor *cursor, const dr_pass *p, const dr_duck *duck, const char *conditions)
{
    const char *columns[DR_MOST_INDICES + DR_MOST_MEASURES], *table = dr_cells_stored(p->cells, p->version);
    const dr_table_rule *rule = dr_table_rule_find(table);
    bool lists = dr_cells_in_lists(p->cells, p->version);
    size_t count = 0;
    for (size_t i = 0; i < p->walk->indices; i++)
        columns[count++] = lists ? rule->columns[1 + i].name : p->cells->columns[i]; /* behind the year */
    for (size_t m = 0; m < p->measures; m++)
        columns[count++] = lists ? rule->columns[1 + p->walk->indices + m].name : p->cells->measures[m];
    return dr_sql_open(cursor, duck, dr_world_sql.years.cells,
                       DR_VALUES(dr_sql_columns("columns", columns, count), dr_sql_name("table", table),
                                 dr_sql_integer("year", p->year), dr_sql_part("conditions", conditions)));
}

static dr_status open_query(dr_cursor *cursor, const dr_pass *p, const dr_duck *duck)
{
    char *conditions = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&conditions, &size);
    if (!to)
        return dr_fail_memory();
    dr_status status = print_conditions(to, p);
    if (fclose(to) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK)
        status = open_cells(cursor, p, duck, conditions);
    free(conditions);
    return status;
}

/* ---- Running ---- */

static dr_status make_buffers(dr_pass *p, bool totals)
{
    size_t cells = 1, regions = p->layout->regions.count;
    double needed = 1.0 / 8;
    for (size_t i = 0; i < p->walk->indices; i++)
        needed *= (double)(p->limits[i] = dr_cells_limit(p->cells, i, p->layout));
    if (needed > dr_memory_available())
        return dr_fail(DR_MACHINE, "a table of %.3g cells is too large for the memory of this machine", 8 * needed);
    for (size_t i = 0; i < p->walk->indices; i++)
        cells *= p->limits[i];
    size_t size = duckdb_vector_size() + p->limits[p->walk->indices - 1]; /* and one list more, where there are lists */
    unsigned *indices = dr_new((2 * DR_MOST_INDICES + 1) * size, sizeof *indices);
    for (size_t i = 0; indices && i < DR_MOST_INDICES; i++) {
        p->walk->index[i] = indices + i * size;
        p->head[i] = indices + (DR_MOST_INDICES + i) * size;
    }
    p->codes = indices ? indices + 2 * DR_MOST_INDICES * size : NULL;
    p->seen = dr_new(cells / 64 + 1, sizeof *p->seen);
    p->place = dr_new(size, sizeof *p->place);
    p->numbers = dr_new_doubles(size);
    bool failed = !indices || !p->seen || !p->place || !p->numbers;
    for (size_t m = 0; m < p->measures && totals; m++) {
        p->totals[m].count = p->cells->seller < 0 ? 1 : regions * regions;
        p->totals[m].total = dr_new(p->totals[m].count, sizeof *p->totals[m].total);
        failed = failed || !p->totals[m].total;
    }
    return failed ? dr_fail_memory() : DR_OK;
}

static void free_buffers(dr_pass *p)
{
    free(p->walk->index[0]);
    memset(p->walk->index, 0, sizeof p->walk->index);
    free(p->seen);
    free(p->place);
    free(p->numbers);
    for (size_t m = 0; m < DR_MOST_MEASURES; m++)
        free(p->totals[m].total);
}

static dr_status read_rows(dr_pass *p, const dr_duck *duck)
{
    dr_cursor cursor = {0};
    bool more = false;
    dr_status status = open_query(&cursor, p, duck);
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more)
        status = dr_cells_in_lists(p->cells, p->version) ? dr_pass_lists(p, &cursor) : take_chunk(p, &cursor);
    dr_cursor_close(&cursor);
    return status;
}

static dr_pass start(dr_walk *walk, const dr_layout *layout, int version, int year)
{
    dr_pass p = {.walk = walk, .cells = dr_cells_find(walk->table), .layout = layout, .version = version, .year = year};
    walk->indices = strlen(p.cells->codes);
    while (p.measures < DR_MOST_MEASURES && p.cells->measures[p.measures])
        p.measures++;
    return p;
}

dr_status dr_walk_duck(dr_walk *walk, const dr_duck *duck, const dr_layout *layout, int version, int year)
{
    dr_pass p = start(walk, layout, version, year);
    dr_status status = make_buffers(&p, walk->totals != NULL);
    if (status == DR_OK)
        status = read_rows(&p, duck);
    for (size_t m = 0; m < p.measures && walk->totals; m++) {
        walk->totals[m] = p.totals[m];
        p.totals[m] = (dr_totals){0};
    }
    free_buffers(&p);
    return status;
}

dr_status dr_walk_run(dr_walk *walk, const dr_world *world, int year)
{
    char numbers[DR_NUMBERS_SIZE];
    dr_pass p = start(walk, &world->layout, world->version, year);
    dr_status status = make_buffers(&p, world->sums);
    if (status == DR_OK)
        status = read_rows(&p, &world->duck);
    for (size_t m = 0; m < p.measures && world->sums && status == DR_OK; m++)
        status = dr_sums_compare(&p.totals[m], &world->duck, p.layout, year,
                                 dr_sums_numbers(numbers, p.cells, m, walk->item), walk->sellers, walk->buyers);
    free_buffers(&p);
    return status;
}

dr_status dr_walk_array(const dr_world *world, int year, const char *table, const char *item, double *target,
                        size_t indices)
{
    const dr_cells *cells = dr_cells_find(table);
    dr_sum sum = {.target = target};
    dr_walk walk = {.table = table, .item = item, .add = dr_walk_sum, .add_list = dr_walk_sum_list, .user = &sum};
    size_t stride = 1;
    for (size_t i = indices; i-- > 0; stride *= dr_cells_limit(cells, i, &world->layout))
        sum.stride[i] = stride;
    return dr_walk_run(&walk, world, year);
}

/* ---- Everything ---- */

static dr_status check_cells(const dr_world *world, int year, const dr_cells *cells, const char *item)
{
    dr_walk walk = {.table = cells->table, .item = item};
    return dr_walk_run(&walk, world, year);
}

static dr_status check_items(const dr_world *world, int year, const dr_cells *cells)
{
    dr_names items = {0};
    dr_status status = dr_items_read(&items, &world->duck, cells, year);
    for (size_t i = 0; status == DR_OK && i < items.count; i++)
        status = check_cells(world, year, cells, items.names[i]);
    dr_names_free(&items);
    return status;
}

static dr_status check_year(const dr_world *world, int year)
{
    for (const dr_cells *cells = dr_cells_all; cells->table; cells++)
        if (world->has[cells->family])
            DR_TRY(cells->item.column ? check_items(world, year, cells) : check_cells(world, year, cells, NULL));
    return DR_OK;
}

dr_status dr_walk_check(const dr_world *world, int year)
{
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < world->year_count; i++)
        if (year == 0 || world->years[i] == year)
            status = check_year(world, world->years[i]);
    return status == DR_OK ? DR_OK : dr_fail_at(status, world->path);
}
