#include "world/walk.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/portable.h"
#include "base/sql.h"
#include "world/item_names.h"
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

bool dr_sum_kept(const dr_sum *sum, size_t count, double *found)
{
    const double tolerance = 1e-9;
    *found = 0;
    for (size_t i = 0; i < count; i++)
        *found += sum->target[i];
    return fabs(*found - sum->total) <= tolerance * sum->size; /* which no NAN is */
}

/* ---- Checks of a chunk ---- */

/* A walk under way. */
typedef struct pass {
    dr_walk *walk;
    const dr_cells *cells;
    const dr_layout *layout;
    int version; /* of the world's tables */
    int year;
    size_t limits[DR_MOST_INDICES], measures;
    uint64_t *seen; /* a bit for each cell */
    size_t *place;  /* [row of the chunk]: where the cell is in the table */

    /* Of cells in lists: the codes before the last of the chunk's rows, and the numbers of the cells at hand, of which
     * the walk has the codes. */
    unsigned *head[DR_MOST_INDICES];
    unsigned *codes; /* of one list */
    double *numbers;
    dr_totals totals[DR_MOST_MEASURES];
} pass;

static dr_status fail_row(const pass *p, size_t row, const char *column, const char *what)
{
    size_t index[DR_MOST_INDICES];
    char name[256];
    for (size_t i = 0; i < p->walk->indices; i++)
        index[i] = p->walk->index[i][row];
    return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' is %s in %d, for %s", column, p->cells->table, what,
                   p->year, dr_cells_name(name, p->cells, p->layout, index));
}

static size_t first_null(const dr_vector *vector, size_t rows)
{
    size_t row = 0;
    while (row < rows && (!vector->valid || (vector->valid[row / 64] >> (row % 64) & 1)))
        row = vector->valid ? row + 1 : rows;
    return row;
}

/* A file that someone has changed must not lead outside the arrays. */
static dr_status check_codes(pass *p, const dr_cursor *cursor, size_t i, unsigned *codes)
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

static dr_status check_numbers(const pass *p, size_t measure, const double *numbers)
{
    bool fine = true;
    for (size_t row = 0; row < p->walk->rows; row++)
        fine &= fabs(numbers[row]) <= DR_LARGEST;
    for (size_t row = 0; !fine && row < p->walk->rows; row++)
        if (!(fabs(numbers[row]) <= DR_LARGEST))
            return fail_row(p, row, p->cells->measures[measure], "not a finite number of at most 1e30");
    return DR_OK;
}

static dr_status check_column(const pass *p, const dr_cursor *cursor, size_t measure)
{
    const dr_vector *vector = &cursor->column[p->walk->indices + measure];
    if (vector->type != DUCKDB_TYPE_DOUBLE)
        return dr_fail(DR_BAD_INPUT, "the column '%s' of the table '%s' does not hold numbers",
                       p->cells->measures[measure], p->cells->table);
    size_t null = first_null(vector, cursor->rows);
    return null < cursor->rows ? fail_row(p, null, p->cells->measures[measure], "NULL") : DR_OK;
}

static dr_status fail_twice(const pass *p, const char *table, const char *name)
{
    return dr_fail(DR_BAD_INPUT, "the table '%s' has two rows in %d of %s; expected one", table, p->year, name);
}

/* Whether the place was there before. */
static bool is_seen(pass *p, size_t place)
{
    uint64_t bit = (uint64_t)1 << (place % 64);
    bool seen = p->seen[place / 64] & bit;
    p->seen[place / 64] |= bit;
    return seen;
}

/* Places of the chunk's cells, none of which was there before. */
static dr_status check_places(pass *p)
{
    for (size_t row = 0; row < p->walk->rows; row++) {
        size_t place = 0;
        for (size_t i = 0; i < p->walk->indices; i++)
            place = place * p->limits[i] + p->walk->index[i][row];
        if (is_seen(p, place)) {
            size_t index[DR_MOST_INDICES];
            char name[256];
            for (size_t i = 0; i < p->walk->indices; i++)
                index[i] = p->walk->index[i][row];
            return fail_twice(p, p->cells->table, dr_cells_name(name, p->cells, p->layout, index));
        }
        p->place[row] = place;
    }
    return DR_OK;
}

static void add_totals(pass *p, size_t measure, const double *numbers)
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
static dr_status take_cells(pass *p, const double *const *numbers)
{
    for (size_t m = 0; m < p->measures && p->totals[m].total; m++)
        add_totals(p, m, numbers[m]);
    p->walk->tariffs = p->measures > 1 ? numbers[1] : NULL;
    if (p->walk->add)
        p->walk->add(p->walk, numbers[0]);
    return DR_OK;
}

static dr_status take_chunk(pass *p, const dr_cursor *cursor)
{
    const double *numbers[DR_MOST_MEASURES] = {NULL};
    p->walk->rows = cursor->rows;
    for (size_t i = 0; i < p->walk->indices; i++)
        DR_TRY(check_codes(p, cursor, i, p->walk->index[i]));
    for (size_t m = 0; m < p->measures; m++) {
        DR_TRY(check_column(p, cursor, m));
        numbers[m] = cursor->column[p->walk->indices + m].data;
        DR_TRY(check_numbers(p, m, numbers[m]));
    }
    DR_TRY(check_places(p));
    return take_cells(p, numbers);
}

/* ---- Cells in lists (icio_rows.h) ---- */

/* Codes before the last one, which every row has. */
enum { LIST_CODES = DR_MOST_INDICES - 1 };

/* The columns of a chunk of lists; `entries` and `codes` are NULL where a list has a number for every code. */
typedef struct list_chunk {
    const dr_cursor *cursor;
    const duckdb_list_entry *amounts, *codes;
    dr_vector numbers, of_codes;
} list_chunk;

/* The codes before the last of a row, as text. */
static const char *name_row(char name[256], const pass *p, size_t row)
{
    size_t index[DR_MOST_INDICES] = {0};
    char codes[DR_MOST_INDICES] = "";
    dr_cells head = *p->cells;
    snprintf(codes, sizeof codes, "%.*s", (int)p->walk->indices - 1, p->cells->codes);
    head.codes = codes;
    for (size_t i = 0; i + 1 < p->walk->indices; i++)
        index[i] = p->head[i][row];
    return dr_cells_name(name, &head, p->layout, index);
}

static dr_status fail_list(const pass *p, size_t row, const char *what)
{
    char name[256];
    return dr_fail(DR_BAD_INPUT, "the table '%s' has in %d, for %s, %s", p->cells->lists, p->year,
                   name_row(name, p, row), what);
}

static bool is_valid(const dr_vector *vector, size_t at)
{
    return !vector->valid || (vector->valid[at / 64] >> (at % 64) & 1);
}

static dr_status take_buffer(pass *p, size_t *count)
{
    const double *numbers[DR_MOST_MEASURES] = {p->numbers};
    p->walk->rows = *count;
    *count = 0;
    DR_TRY(check_numbers(p, 0, p->numbers));
    return take_cells(p, numbers);
}

/* The codes of a row's list: those that it has, one after the other, or all. */
static dr_status read_codes(pass *p, const list_chunk *c, size_t row)
{
    size_t last = p->walk->indices - 1, limit = p->limits[last], length = c->amounts[row].length;
    bool sparse = c->codes && is_valid(&c->cursor->column[last], row);
    if (length != (sparse ? c->codes[row].length : limit))
        return fail_list(p, row,
                         sparse ? "lists of codes and of numbers that are not of one length"
                                : "a list that has not one number for each code");
    for (size_t j = 0; j < length; j++) {
        size_t at = sparse ? c->codes[row].offset + j : 0;
        p->codes[j] = sparse ? (unsigned)dr_vector_index(&c->of_codes, at) : (unsigned)j;
        if (sparse && (!is_valid(&c->of_codes, at) || p->codes[j] >= limit || (j && p->codes[j] <= p->codes[j - 1])))
            return fail_list(p, row, "a list of codes that are not in their order, each once");
    }
    return DR_OK;
}

/* Where the row's first cell is in the table; its row was not there before. */
static dr_status place_list(pass *p, size_t row, size_t *place)
{
    char name[256];
    size_t at = 0;
    for (size_t i = 0; i + 1 < p->walk->indices; i++)
        at = at * p->limits[i] + p->head[i][row];
    *place = at * p->limits[p->walk->indices - 1];
    return is_seen(p, at) ? fail_twice(p, p->cells->lists, name_row(name, p, row)) : DR_OK;
}

/* Adds the numbers of a row's list that are not zero to the buffer, which has room for them. */
static dr_status take_list(pass *p, const list_chunk *c, size_t row, size_t *count)
{
    const size_t first = c->amounts[row].offset, length = c->amounts[row].length;
    const double *numbers = (const double *)c->numbers.data + first;
    unsigned **index = p->walk->index;
    size_t place = 0, k = *count;
    DR_TRY(read_codes(p, c, row));
    DR_TRY(place_list(p, row, &place));
    for (size_t j = 0; c->numbers.valid && j < length; j++)
        if (!is_valid(&c->numbers, first + j))
            return fail_list(p, row, "a list with NULL; expected numbers");
    for (size_t j = 0; j < length; j++) {
        for (size_t i = 0; i < LIST_CODES; i++)
            index[i][k] = p->head[i][row];
        index[LIST_CODES][k] = p->codes[j];
        p->place[k] = place + p->codes[j];
        p->numbers[k] = numbers[j];
        k += numbers[j] != 0;
    }
    *count = k;
    return DR_OK;
}

static dr_status take_lists(pass *p, const dr_cursor *cursor)
{
    size_t last = p->walk->indices - 1, count = 0;
    list_chunk c = {.cursor = cursor};
    c.codes = dr_cursor_lists(cursor, last, &c.of_codes);
    c.amounts = dr_cursor_lists(cursor, last + 1, &c.numbers);
    if (!c.amounts || c.numbers.type != DUCKDB_TYPE_DOUBLE)
        return dr_fail(DR_BAD_INPUT, "the table '%s' does not hold lists of numbers", p->cells->lists);
    for (size_t i = 0; i < last; i++)
        DR_TRY(check_codes(p, cursor, i, p->head[i]));
    for (size_t row = 0; row < cursor->rows; row++) {
        if (!is_valid(&cursor->column[last + 1], row))
            return fail_list(p, row, "NULL; expected a list of numbers");
        DR_TRY(take_list(p, &c, row, &count));
        if (count >= duckdb_vector_size())
            DR_TRY(take_buffer(p, &count));
    }
    return count > 0 ? take_buffer(p, &count) : DR_OK;
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
static dr_status print_regions(FILE *to, const pass *p, int column, const bool *mask)
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

static dr_status print_conditions(FILE *to, const pass *p)
{
    if (p->walk->item)
        DR_TRY(print_part(to, dr_world_sql.years.of_item,
                          DR_VALUES(dr_sql_name("column", p->cells->item.column), dr_sql_text("item", p->walk->item))));
    if (p->walk->sellers)
        DR_TRY(print_regions(to, p, p->cells->seller, p->walk->sellers));
    return p->walk->buyers ? print_regions(to, p, p->cells->buyer, p->walk->buyers) : DR_OK;
}

/* Opens the query of the cells, with `conditions` on which of them. */
static dr_status open_cells(dr_cursor *cursor, const pass *p, const dr_duck *duck, const char *conditions)
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

static dr_status open_query(dr_cursor *cursor, const pass *p, const dr_duck *duck)
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

static dr_status make_buffers(pass *p, bool totals)
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

static void free_buffers(pass *p)
{
    free(p->walk->index[0]);
    memset(p->walk->index, 0, sizeof p->walk->index);
    free(p->seen);
    free(p->place);
    free(p->numbers);
    for (size_t m = 0; m < DR_MOST_MEASURES; m++)
        free(p->totals[m].total);
}

static dr_status read_rows(pass *p, const dr_duck *duck)
{
    dr_cursor cursor = {0};
    bool more = false;
    dr_status status = open_query(&cursor, p, duck);
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more)
        status = dr_cells_in_lists(p->cells, p->version) ? take_lists(p, &cursor) : take_chunk(p, &cursor);
    dr_cursor_close(&cursor);
    return status;
}

static pass start(dr_walk *walk, const dr_layout *layout, int version, int year)
{
    pass p = {.walk = walk, .cells = dr_cells_find(walk->table), .layout = layout, .version = version, .year = year};
    walk->indices = strlen(p.cells->codes);
    while (p.measures < DR_MOST_MEASURES && p.cells->measures[p.measures])
        p.measures++;
    return p;
}

dr_status dr_walk_duck(dr_walk *walk, const dr_duck *duck, const dr_layout *layout, int version, int year)
{
    pass p = start(walk, layout, version, year);
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
    pass p = start(walk, &world->layout, world->version, year);
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
    dr_walk walk = {.table = table, .item = item, .add = dr_walk_sum, .user = &sum};
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
