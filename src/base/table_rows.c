#include "base/table_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/names.h"

/* ---- The order in which rows matter ------------------------------------------------------------------------------ */

enum { KINDS = DR_ROW_TOTAL + 1, FEW_TOTALS = 3 };

typedef struct ranked {
    size_t row;
    dr_row_kind kind;
    double size; /* -1: none */
} ranked;

/* The rows, and how many of each kind there are, in all and to be kept. */
typedef struct ranking {
    ranked *all;
    size_t counts[KINDS], take[KINDS];
} ranking;

/* Items, then groups, then totals; the largest first, and of equal ones the earlier. */
static int by_size(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_row(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Many totals are those of parts of the table, and rows like others. */
static bool are_items(const dr_table *table)
{
    size_t totals = 0;
    for (size_t row = 0; row < table->rows; row++)
        totals += dr_table_row_kind(table, row) == DR_ROW_TOTAL;
    return totals > FEW_TOTALS;
}

static dr_status rank_rows(ranking *out, const dr_table *table)
{
    bool items = are_items(table);
    out->all = dr_new(table->rows + 1, sizeof *out->all);
    if (!out->all)
        return dr_fail_memory();
    for (size_t row = 0; row < table->rows; row++) {
        double number = table->rank >= 0 ? dr_table_number(table, row, (size_t)table->rank) : NAN;
        dr_row_kind kind = dr_table_row_kind(table, row);
        kind = items && kind == DR_ROW_TOTAL ? DR_ROW_ONE : kind;
        out->all[row] = (ranked){row, kind, isnan(number) ? -1 : fabs(number)};
        out->counts[kind]++;
    }
    qsort(out->all, table->rows, sizeof *out->all, by_size);
    return DR_OK;
}

/* The rows of each kind that are to be kept, the largest of it, in the order of reading. */
static dr_status take_rows(dr_row_list *out, const ranking *r, const dr_table *table)
{
    size_t *rows = dr_new(table->rows + 1, sizeof *rows), count = 0, seen[KINDS] = {0};
    if (!rows)
        return dr_fail_memory();
    for (size_t i = 0; i < table->rows; i++)
        if (seen[r->all[i].kind]++ < r->take[r->all[i].kind])
            rows[count++] = r->all[i].row;
    if (table->rank < 0)
        qsort(rows, count, sizeof *rows, by_row);
    *out = (dr_row_list){rows, count};
    return DR_OK;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

dr_status dr_table_order(dr_row_list *out, const dr_table *table, size_t most)
{
    ranking r = {0};
    dr_status status = rank_rows(&r, table);
    if (status == DR_OK) {
        size_t items = r.counts[DR_ROW_ONE];
        r.take[DR_ROW_TOTAL] = smaller(r.counts[DR_ROW_TOTAL], most);
        most -= r.take[DR_ROW_TOTAL];
        r.take[DR_ROW_GROUP] = smaller(r.counts[DR_ROW_GROUP], most - smaller(items, most - most / 4));
        r.take[DR_ROW_ONE] = smaller(items, most - r.take[DR_ROW_GROUP]);
        status = take_rows(out, &r, table);
    }
    free(r.all);
    return status;
}

/* ---- Cells and rows for sentences -------------------------------------------------------------------------------- */

double dr_table_at(const dr_table *table, size_t row, const char *column)
{
    int found = dr_table_find(table, column);
    return found < 0 ? NAN : dr_table_number(table, row, (size_t)found);
}

const char *dr_table_text_at(const dr_table *table, size_t row, const char *column)
{
    int found = dr_table_find(table, column);
    return found < 0 ? "" : dr_table_text(table, row, (size_t)found);
}

size_t dr_table_total(const dr_table *table)
{
    size_t row = table->rows;
    while (row > 0 && dr_table_row_kind(table, row - 1) != DR_ROW_TOTAL)
        row--;
    return row > 0 ? row - 1 : DR_NO_ROW;
}

size_t dr_table_largest(const dr_table *table, const char *column, double sign, size_t but)
{
    size_t found = DR_NO_ROW;
    for (size_t row = 0; row < table->rows; row++) {
        double number = sign * dr_table_at(table, row, column);
        if (row == but || isnan(number) || dr_table_row_kind(table, row) != DR_ROW_ONE)
            continue;
        if (found == DR_NO_ROW || number > sign * dr_table_at(table, found, column))
            found = row;
    }
    return found;
}

/* ---- Tables of some of the rows ---------------------------------------------------------------------------------- */

dr_status dr_table_choose(dr_table *table, const dr_row_list *list)
{
    double *numbers = dr_new(list->count + 1, sizeof *numbers);
    const char **texts = dr_new(list->count + 1, sizeof *texts);
    if (!numbers || !texts) {
        free(numbers);
        free((void *)texts);
        return dr_fail_memory();
    }
    for (size_t j = 0; j < table->column_count; j++) {
        dr_column *column = &table->columns[j];
        for (size_t i = 0; i < list->count; i++)
            if (column->texts)
                texts[i] = column->texts[list->rows[i]];
            else
                numbers[i] = column->numbers[list->rows[i]];
        if (column->texts)
            memcpy(column->texts, texts, list->count * sizeof *texts);
        else if (column->numbers)
            memcpy(column->numbers, numbers, list->count * sizeof *numbers);
    }
    for (size_t i = 0; table->kinds && i < list->count; i++)
        numbers[i] = table->kinds[list->rows[i]];
    for (size_t i = 0; table->kinds && i < list->count; i++)
        table->kinds[i] = (unsigned char)numbers[i];
    table->rows = list->count;
    free(numbers);
    free((void *)texts);
    return DR_OK;
}

dr_status dr_table_top(dr_table *table, size_t most)
{
    DR_TRY(DR_GIVEN(table));
    DR_TRY(dr_table_own(__func__, table));
    ranking r = {0};
    dr_row_list list = {0};
    dr_status status = rank_rows(&r, table);
    if (status == DR_OK) {
        r.take[DR_ROW_ONE] = most ? most : table->rows;
        r.take[DR_ROW_TOTAL] = r.counts[DR_ROW_TOTAL];
        status = take_rows(&list, &r, table);
    }
    if (status == DR_OK)
        status = dr_table_choose(table, &list);
    if (status == DR_OK)
        dr_table_keep_rows(table);
    free(r.all);
    free(list.rows);
    return status;
}

/* ---- Rows by their names ----------------------------------------------------------------------------------------- */

/* The columns that say what a row is: those of text that the table begins with, behind the number of a draw or a year.
 * The first, and the one behind the last. */
static size_t first_key(const dr_table *table)
{
    size_t j = 0;
    while (j < table->column_count && table->columns[j].show == DR_SHOW_COUNT)
        j++;
    return j;
}

static size_t behind_keys(const dr_table *table)
{
    size_t end = first_key(table);
    while (end < table->column_count && table->columns[end].show == DR_SHOW_TEXT)
        end++;
    return end;
}

static bool is_named(const dr_table *table, size_t row, const char *name)
{
    for (size_t j = first_key(table); j < behind_keys(table) && *name; j++)
        if (strcmp(dr_table_text(table, row, j), name) == 0 || strcasecmp(dr_table_name(table, row, j), name) == 0)
            return true;
    return false;
}

/* Marks the rows of a name; whether there is one. */
static bool mark_rows(const dr_table *table, const char *name, bool *wanted)
{
    bool found = false;
    for (size_t row = 0; row < table->rows; row++)
        if (is_named(table, row, name)) {
            wanted[row] = true;
            found = true;
        }
    return found;
}

/* The members of a group that has no rows of its own: ",DEU,FRA,"; NULL: the name is none. */
static const char *members_of(const dr_table *table, const char *name)
{
    for (size_t j = first_key(table); j < behind_keys(table); j++) {
        const dr_spelling *spelling = table->columns[j].spelling;
        for (size_t i = 0; spelling && i < spelling->count; i++)
            if (spelling->codes[i].members &&
                (strcmp(spelling->codes[i].code, name) == 0 || strcasecmp(spelling->codes[i].name, name) == 0))
                return spelling->codes[i].members;
    }
    return NULL;
}

/* Marks the rows of the members of a group, a list with a comma before and after each. */
static bool mark_members(const dr_table *table, const char *members, bool *wanted)
{
    bool found = false;
    char name[128];
    for (const char *at = members; at && at[0] == ',' && at[1]; at += 1 + strcspn(at + 1, ",")) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, ","), at + 1);
        found = mark_rows(table, name, wanted) || found;
    }
    return found;
}

static dr_status unknown_row(const dr_table *table, const char *name)
{
    char hint[DR_HINT_SIZE], list[DR_NAMES_SIZE];
    dr_names known = {0};
    for (size_t row = 0; row < table->rows; row++)
        for (size_t j = first_key(table); j < behind_keys(table); j++)
            if (*dr_table_text(table, row, j) && dr_names_add(&known, dr_table_text(table, row, j)) < 0) {
                dr_names_free(&known);
                return dr_fail_memory();
            }
    dr_hint(hint, name, (const char *const *)known.names, known.count);
    dr_status status = dr_fail(DR_BAD_INPUT, "the result has no row '%s'%s", name,
                               *hint ? hint : dr_names_list(list, "; it has ", &known));
    dr_names_free(&known);
    return status;
}

static dr_status mark_names(const dr_table *table, char *names, bool *wanted)
{
    for (char *rest = names; rest;) {
        char *name = strsep(&rest, ",");
        name += strspn(name, " ");
        if (!mark_rows(table, name, wanted) && !mark_members(table, members_of(table, name), wanted))
            return unknown_row(table, name);
    }
    return DR_OK;
}

dr_status dr_table_pick(dr_table *table, const char *names)
{
    DR_TRY(DR_GIVEN(table, names));
    DR_TRY(dr_table_own(__func__, table));
    bool *wanted = dr_new(table->rows + 1, sizeof *wanted);
    char *copy = strdup(names);
    dr_row_list list = {.rows = dr_new(table->rows + 1, sizeof *list.rows)};
    dr_status status = wanted && copy && list.rows ? mark_names(table, copy, wanted) : dr_fail_memory();
    for (size_t row = 0; status == DR_OK && row < table->rows; row++)
        if (wanted[row])
            list.rows[list.count++] = row;
    if (status == DR_OK)
        status = dr_table_choose(table, &list);
    free(wanted);
    free(copy);
    free(list.rows);
    return status;
}
