/* Cells that the file keeps in lists (icio_rows.h), a list at a time. */
#include <math.h>
#include <stdio.h>

#include "world/walk_pass.h"

/* The columns of a chunk of lists; `codes` is NULL where all lists have a number for every code. */
typedef struct list_chunk {
    const dr_cursor *cursor;
    const duckdb_list_entry *amounts, *codes;
    dr_vector numbers, of_codes;
} list_chunk;

/* ---- Failures ---- */

/* The codes before the last of a row, as text. */
static const char *name_row(char name[256], const dr_pass *p, size_t row)
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

static dr_status fail_list(const dr_pass *p, size_t row, const char *what)
{
    char name[256];
    return dr_fail(DR_BAD_INPUT, "the table '%s' has in %d, for %s, %s", p->cells->lists, p->year,
                   name_row(name, p, row), what);
}

/* ---- Checks ---- */

static bool is_valid(const dr_vector *vector, size_t at)
{
    return !vector->valid || (vector->valid[at / 64] >> (at % 64) & 1);
}

/* The codes of a list that is not of all codes: in their order, each once. */
static dr_status read_codes(dr_pass *p, const list_chunk *c, size_t row, size_t length)
{
    const size_t limit = p->limits[p->walk->indices - 1], first = c->codes[row].offset;
    bool fine = true;
    dr_vector_indices(&c->of_codes, first, length, p->codes);
    for (size_t j = 0; j < length; j++)
        fine &= p->codes[j] < limit && (j == 0 || p->codes[j] > p->codes[j - 1]);
    for (size_t j = 0; j < length && c->of_codes.valid; j++)
        fine &= is_valid(&c->of_codes, first + j);
    return fine ? DR_OK : fail_list(p, row, "a list of codes that are not in their order, each once");
}

/* The list of a row; its codes are NULL where it has a number for each. */
static dr_status read_list(dr_walk_list *out, dr_pass *p, const list_chunk *c, size_t row)
{
    const size_t last = p->walk->indices - 1, first = c->amounts[row].offset, length = c->amounts[row].length;
    bool sparse = c->codes && is_valid(&c->cursor->column[last], row);
    if (length != (sparse ? c->codes[row].length : p->limits[last]))
        return fail_list(p, row,
                         sparse ? "lists of codes and of numbers that are not of one length"
                                : "a list that has not one number for each code");
    if (sparse)
        DR_TRY(read_codes(p, c, row, length));
    for (size_t j = 0; c->numbers.valid && j < length; j++)
        if (!is_valid(&c->numbers, first + j))
            return fail_list(p, row, "a list with NULL; expected numbers");
    *out = (dr_walk_list){sparse ? p->codes : NULL, (const double *)c->numbers.data + first, length, {0}};
    for (size_t i = 0; i < last; i++)
        out->head[i] = p->head[i][row];
    return DR_OK;
}

/* Where the row's first cell is in the table; its row was not there before. */
static dr_status place_list(dr_pass *p, size_t row, size_t *place)
{
    char name[256];
    size_t at = 0;
    for (size_t i = 0; i + 1 < p->walk->indices; i++)
        at = at * p->limits[i] + p->head[i][row];
    *place = at * p->limits[p->walk->indices - 1];
    return dr_pass_seen(p, at) ? dr_pass_twice(p, p->cells->lists, name_row(name, p, row)) : DR_OK;
}

static dr_status check_numbers(const dr_pass *p, const dr_walk_list *list)
{
    size_t index[DR_MOST_INDICES], last = p->walk->indices - 1, j = 0;
    bool fine = true;
    for (size_t k = 0; k < list->length; k++)
        fine &= fabs(list->numbers[k]) <= DR_LARGEST;
    if (fine)
        return DR_OK;
    while (fabs(list->numbers[j]) <= DR_LARGEST)
        j++;
    for (size_t i = 0; i < last; i++)
        index[i] = list->head[i];
    index[last] = list->codes ? list->codes[j] : j;
    return dr_pass_fail(p, index, p->cells->measures[0], DR_BEYOND);
}

/* ---- Taking ---- */

/* The cells that are not zero, as a chunk. */
static void take_cells(dr_pass *p, const dr_walk_list *list)
{
    unsigned **index = p->walk->index, *last = index[p->walk->indices - 1];
    size_t count = 0;
    for (size_t j = 0; j < list->length; j++) {
        last[count] = list->codes ? list->codes[j] : (unsigned)j;
        p->numbers[count] = list->numbers[j];
        count += list->numbers[j] != 0;
    }
    for (size_t i = 0; i + 1 < p->walk->indices; i++)
        for (size_t k = 0; k < count; k++)
            index[i][k] = list->head[i];
    p->walk->rows = count;
    p->walk->tariffs = NULL;
    p->walk->add(p->walk, p->numbers);
}

static dr_status take_list(dr_pass *p, const list_chunk *c, size_t row)
{
    dr_walk_list list;
    size_t place = 0;
    DR_TRY(read_list(&list, p, c, row));
    DR_TRY(place_list(p, row, &place));
    DR_TRY(check_numbers(p, &list));
    if (p->totals[0].total) {
        size_t pair = list.head[p->cells->seller] * p->layout->regions.count + list.head[p->cells->buyer];
        dr_total_add_list(&p->totals[0].total[pair], place, list.codes, list.numbers, list.length);
    }
    if (p->walk->add_list)
        p->walk->add_list(p->walk, &list);
    else if (p->walk->add)
        take_cells(p, &list);
    return DR_OK;
}

dr_status dr_pass_lists(dr_pass *p, const dr_cursor *cursor)
{
    size_t last = p->walk->indices - 1;
    list_chunk c = {.cursor = cursor};
    c.codes = dr_cursor_lists(cursor, last, &c.of_codes);
    c.amounts = dr_cursor_lists(cursor, last + 1, &c.numbers);
    if (!c.amounts || c.numbers.type != DUCKDB_TYPE_DOUBLE)
        return dr_fail(DR_BAD_INPUT, "the table '%s' does not hold lists of numbers", p->cells->lists);
    for (size_t i = 0; i < last; i++)
        DR_TRY(dr_pass_codes(p, cursor, i, p->head[i]));
    for (size_t row = 0; row < cursor->rows; row++) {
        if (!is_valid(&cursor->column[last + 1], row))
            return fail_list(p, row, "NULL; expected a list of numbers");
        DR_TRY(take_list(p, &c, row));
    }
    return DR_OK;
}
