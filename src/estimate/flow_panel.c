#include "estimate/flow_panel.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/relation.h"
#include "base/rows.h"
#include "world/world.h"

/* Names that every panel has, if no column has them. */
static const struct {
    const char *name;
    int bound;
} built_in[] = {
    {"pair", DR_BOUND_PAIR}, {"directed_pair", DR_BOUND_DIRECTED}, {"international", DR_BOUND_INTERNATIONAL}};

enum { BUILT_IN = sizeof built_in / sizeof *built_in, MOST_FIELDS = DR_MOST_COLUMNS };

/* A panel on its way. */
typedef struct reading {
    dr_flow_panel *panel;
    const dr_flow_panel_request *request;
    dr_flow_panel_source source;
    const dr_formula *formula; /* being bound */
    bool shifts;               /* a formula looks at other years */
} reading;

/* ---- What names stand for -------------------------------------------------------------------------------------------- */

/* The field of that column, new if need be; -1 without one. */
static dr_status need_field(reading *r, const char *name, bool number, int *out)
{
    dr_flow_panel *p = r->panel;
    for (size_t i = 0; i < p->fields; i++)
        if (strcmp(p->field[i].name, name) == 0) {
            p->field[i].as_number |= number;
            p->field[i].as_category |= !number;
            *out = (int)i;
            return DR_OK;
        }
    *out = -1;
    const dr_source_column *column = dr_flow_panel_source_find(&r->source, name);
    if (!column)
        return DR_OK;
    if (p->fields == MOST_FIELDS)
        return dr_fail(DR_BAD_INPUT, "formulas with more than %d columns", MOST_FIELDS);
    p->field[p->fields] =
        (dr_field){.name = dr_arena_text(&p->arena, name), .as_number = number, .as_category = !number};
    *out = (int)p->fields;
    return p->field[p->fields++].name ? DR_OK : dr_fail_memory();
}

static const char *hint_of(char hint[DR_HINT_SIZE], const reading *r, const char *name)
{
    const char **names = dr_new(r->source.columns + BUILT_IN, sizeof *names);
    *hint = '\0';
    for (size_t i = 0; names && i < r->source.columns; i++)
        names[i] = r->source.column[i].name;
    for (size_t i = 0; names && i < BUILT_IN; i++)
        names[r->source.columns + i] = built_in[i].name;
    if (names)
        dr_hint(hint, name, names, r->source.columns + BUILT_IN);
    free(names);
    return hint;
}

/* Exporter and importer, which pairs, groups and lags are about. */
static dr_status need_panel(reading *r, size_t at, const char *for_what, bool year)
{
    dr_flow_panel *p = r->panel;
    static const char *const names[] = {"exporter", "importer", "year"};
    int *fields[] = {&p->exporter, &p->importer, &p->year};
    for (size_t i = 0; i < (year ? 3 : 2); i++) {
        if (*fields[i] < 0)
            DR_TRY(need_field(r, names[i], i == 2, fields[i]));
        if (*fields[i] < 0)
            return dr_formula_fail(r->formula, at, "%s needs the %s of each flow; say which column it is with --%s",
                                   for_what, names[i], names[i]);
    }
    if (year)
        p->field[p->year].as_category = true;
    return DR_OK;
}

/* A name in a formula, as a number or as a category. */
static dr_status bind_name(reading *r, const char *name, size_t at, bool number, int *bound)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(need_field(r, name, number, bound));
    if (*bound >= 0)
        return DR_OK;
    for (size_t i = 0; i < BUILT_IN; i++)
        if (strcmp(built_in[i].name, name) == 0) {
            *bound = built_in[i].bound;
            if (number && *bound != DR_BOUND_INTERNATIONAL)
                return dr_formula_fail(r->formula, at, "'%s' is a category, not a number", name);
            if (!number && *bound == DR_BOUND_INTERNATIONAL)
                return dr_formula_fail(r->formula, at, "'%s' is a number, not a category", name);
            return need_panel(r, at, name, false);
        }
    return dr_formula_fail(r->formula, at, "'%s' is no column of the flows%s", name, hint_of(hint, r, name));
}

static dr_status bind_node(reading *r, dr_node *node)
{
    switch (node->kind) {
    case DR_NODE_NUMBER:
        return DR_OK;
    case DR_NODE_NAME:
        return bind_name(r, node->name, node->at, true, &node->bound);
    case DR_NODE_GROUP:
        return need_panel(r, node->at, "a group", true); /* who is in it is read when the panel is there */
    case DR_NODE_SHIFT:
        r->shifts = true;
        DR_TRY(need_panel(r, node->at, node->number < 0 ? "lag" : "lead", true));
        return bind_node(r, node->left);
    case DR_NODE_CALL:
        return bind_node(r, node->left);
    case DR_NODE_BINARY:
        DR_TRY(bind_node(r, node->left));
        return bind_node(r, node->right);
    }
    return DR_OK;
}

/* In an interaction, a bare name of these is a category: who, where, when, and columns of text. */
static bool is_category_name(const reading *r, const char *name)
{
    static const char *const names[] = {"exporter", "importer", "year", "sector", "pair", "directed_pair"};
    const dr_source_column *column = dr_flow_panel_source_find(&r->source, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return column && strcmp(column->type, "VARCHAR") == 0;
}

static dr_status bind_term(reading *r, dr_term *term)
{
    for (size_t i = 0; i < term->factors; i++) {
        dr_node *node = term->factor[i];
        bool category = term->factors > 1 && node->kind == DR_NODE_NAME && is_category_name(r, node->name);
        node->category = category;
        if (category)
            DR_TRY(bind_name(r, node->name, node->at, false, &node->bound));
        else
            DR_TRY(bind_node(r, node));
    }
    return DR_OK;
}

static dr_status bind_formula(reading *r, dr_formula *f)
{
    r->formula = f;
    if (f->outcome)
        DR_TRY(bind_node(r, f->outcome));
    for (size_t i = 0; i < f->terms; i++)
        DR_TRY(bind_term(r, &f->term[i]));
    for (size_t i = 0; i < f->effects; i++)
        for (size_t k = 0; k < f->effect[i].names; k++)
            DR_TRY(bind_name(r, f->effect[i].name[k], f->effect[i].at[k], false, &f->effect[i].bound[k]));
    return DR_OK;
}

/* A column that is no formula's. */
static dr_status need_column(reading *r, const char *name, bool number, int *out)
{
    char hint[DR_HINT_SIZE];
    DR_TRY(need_field(r, name, number, out));
    if (*out >= 0)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s: there is no column '%s'%s", r->request->files[0], name, hint_of(hint, r, name));
}

static dr_status bind(reading *r)
{
    static const char *const names[] = {"exporter", "importer", "year"};
    dr_flow_panel *p = r->panel;
    int *const roles[] = {&p->exporter, &p->importer, &p->year}, unused;
    for (size_t i = 0; i < 3; i++)
        DR_TRY(need_field(r, names[i], i == 2, roles[i]));
    for (size_t i = 0; i < r->request->formula_count; i++)
        DR_TRY(bind_formula(r, &r->request->formulas[i]));
    for (const char *const *name = r->request->numbers; name && *name; name++)
        DR_TRY(need_column(r, *name, true, &unused));
    if (r->request->by)
        DR_TRY(need_column(r, r->request->by, false, &p->by));
    if (p->year >= 0)
        p->field[p->year].as_category = true;
    return DR_OK;
}

static dr_status bind_groups(reading *r, dr_node *node)
{
    if (!node)
        return DR_OK;
    if (node->kind == DR_NODE_GROUP)
        return dr_flow_panel_group_find(r->panel, r->source.groups, r->formula, node);
    DR_TRY(bind_groups(r, node->left));
    return bind_groups(r, node->right);
}

static dr_status bind_all_groups(reading *r)
{
    for (size_t i = 0; i < r->request->formula_count; i++) {
        dr_formula *f = &r->request->formulas[i];
        r->formula = f;
        DR_TRY(bind_groups(r, f->outcome));
        for (size_t t = 0; t < f->terms; t++)
            for (size_t k = 0; k < f->term[t].factors; k++)
                DR_TRY(bind_groups(r, f->term[t].factor[k]));
    }
    return DR_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------------------------------ */

static const char *files_name(const reading *r)
{
    return r->request->file_count == 1 ? r->request->files[0] : "the flows";
}

/* How many rows there will be, and whether memory holds them: 8 bytes a number and 4 a category here, and about as much as 12
 * numbers a row in the estimator. */
static dr_status make_room(reading *r, size_t rows)
{
    dr_flow_panel *p = r->panel;
    double bytes = 12 * 8;
    for (size_t i = 0; i < p->fields; i++)
        bytes += (p->field[i].as_number ? 16 : 0) + 4;
    if (rows == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no rows%s", files_name(r), p->where ? " that the filter keeps" : "");
    if (rows >= UINT32_MAX || bytes * (double)rows > dr_memory_available())
        return dr_fail(DR_MACHINE, "%s: %zu rows need about %.1f GB of memory, and there are %.1f", files_name(r), rows,
                       1e-9 * bytes * (double)rows, 1e-9 * dr_memory_available());
    for (size_t i = 0; i < p->fields; i++) {
        dr_field *f = &p->field[i];
        if (f->as_number && !(f->number = dr_new_doubles(rows)))
            return dr_fail_memory();
        if (f->as_category && !(f->level = dr_new(rows, sizeof *f->level)))
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status count_rows(reading *r, const dr_duck *duck, char *const *sql, size_t *rows)
{
    for (size_t file = 0; file < r->request->file_count; file++) {
        dr_cursor cursor;
        bool more = false;
        dr_status status = dr_cursor_open(&cursor, duck, "SELECT count(*) FROM (%s)", sql[file]);
        if (status == DR_OK)
            status = dr_cursor_next(&cursor, &more);
        if (status == DR_OK)
            *rows += (size_t)dr_cursor_index(&cursor, 0);
        dr_cursor_close(&cursor);
        DR_TRY(status);
    }
    return DR_OK;
}

/* A text that is not a name of its own in memory yet; the last one again costs nothing. */
typedef struct last_text {
    char text[256];
    size_t size;
    uint32_t level;
} last_text;

static dr_status take_texts(dr_field *f, const dr_cursor *cursor, size_t column, size_t from)
{
    const dr_vector *vector = &cursor->column[column];
    last_text last = {.size = SIZE_MAX};
    for (size_t i = 0; i < cursor->rows; i++) {
        f->level[from + i] = DR_NO_LEVEL;
        if (vector->valid && !duckdb_validity_row_is_valid(vector->valid, i))
            continue;
        duckdb_string_t *string = (duckdb_string_t *)vector->data + i;
        size_t size = duckdb_string_t_length(*string);
        const char *data = duckdb_string_t_data(string);
        if (size == 0)
            continue;
        if (size >= sizeof last.text || memchr(data, '\0', size))
            return dr_fail(DR_BAD_INPUT, "the column '%s' has a text of %zu bytes, %zu are the most", f->name, size,
                           sizeof last.text - 1);
        if (size != last.size || memcmp(data, last.text, size) != 0) {
            memcpy(last.text, data, size);
            last.text[size] = '\0';
            last.size = size;
            int level = dr_names_add(&f->levels, last.text);
            if (level < 0)
                return dr_fail_memory();
            last.level = (uint32_t)level;
        }
        f->level[from + i] = last.level;
    }
    return DR_OK;
}

static dr_status take_chunk(reading *r, const dr_cursor *cursor, size_t from)
{
    for (size_t i = 0; i < r->panel->fields; i++) {
        dr_field *f = &r->panel->field[i];
        const dr_vector *vector = &cursor->column[i];
        if (!f->as_number) {
            DR_TRY(take_texts(f, cursor, i, from));
            continue;
        }
        for (size_t row = 0; row < cursor->rows; row++) {
            bool there = !vector->valid || duckdb_validity_row_is_valid(vector->valid, row);
            f->number[from + row] = there ? ((const double *)vector->data)[row] : NAN;
        }
    }
    return DR_OK;
}

static dr_status take_rows(reading *r, const dr_duck *duck, const char *sql, size_t *at, size_t rows)
{
    dr_cursor cursor;
    bool more = true;
    dr_status status = dr_cursor_open(&cursor, duck, "%s", sql);
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more) {
        if (*at + cursor.rows > rows)
            status = dr_fail(DR_MACHINE, "the flows have more rows than a moment ago");
        else
            status = take_chunk(r, &cursor, *at);
        *at += cursor.rows;
    }
    dr_cursor_close(&cursor);
    return status;
}

/* What the database says of a query is about the filter, or about a cell that is no number. */
static dr_status explain(reading *r, dr_status status)
{
    char why[1024];
    if (status != DR_BAD_INPUT)
        return status;
    snprintf(why, sizeof why, "%s", dr_error_text());
    for (size_t file = 0; file < r->request->file_count; file++)
        DR_TRY(dr_flow_panel_fault(&r->source, r->panel, file));
    return r->panel->where ? dr_fail(DR_BAD_INPUT, "--where %.200s: %s", r->panel->where, why)
                           : dr_fail(DR_BAD_INPUT, "%s: %s", files_name(r), why);
}

static dr_status read_rows(reading *r, char **sql)
{
    size_t rows = 0, at = 0;
    const dr_duck *duck = r->source.world ? &r->source.world->duck : &r->source.duck;
    for (size_t file = 0; file < r->request->file_count; file++)
        DR_TRY(dr_flow_panel_query(&sql[file], &r->source, r->panel, file));
    DR_TRY(dr_flow_panel_source_lock(&r->source));
    dr_status status = count_rows(r, duck, sql, &rows);
    if (status != DR_OK)
        return explain(r, status);
    DR_TRY(make_room(r, rows));
    for (size_t file = 0; status == DR_OK && file < r->request->file_count; file++)
        status = take_rows(r, duck, sql[file], &at, rows);
    r->panel->rows = at;
    return explain(r, status);
}

/* ---- Levels ---------------------------------------------------------------------------------------------------------- */

typedef struct ranked {
    const char *name;
    double number;
    uint32_t old;
} ranked;

static int in_order(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (isnan(x->number) != isnan(y->number))
        return isnan(x->number) ? 1 : -1;
    if (x->number != y->number && !isnan(x->number))
        return x->number < y->number ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Levels in an order that does not depend on that of the rows. */
static dr_status sort_levels(dr_field *f, size_t rows)
{
    size_t count = f->levels.count;
    ranked *order = dr_new(count, sizeof *order);
    uint32_t *to = dr_new(count, sizeof *to);
    dr_names sorted = {0};
    dr_status status = order && to ? DR_OK : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < count; i++) {
        order[i] = (ranked){f->levels.names[i], NAN, (uint32_t)i};
        if (!dr_parse_number(order[i].name, &order[i].number))
            order[i].number = NAN;
    }
    if (status == DR_OK)
        qsort(order, count, sizeof *order, in_order);
    for (size_t i = 0; status == DR_OK && i < count; i++) {
        to[order[i].old] = (uint32_t)i;
        status = dr_names_add(&sorted, order[i].name) < 0 ? dr_fail_memory() : DR_OK;
    }
    for (size_t row = 0; status == DR_OK && row < rows; row++)
        if (f->level[row] != DR_NO_LEVEL)
            f->level[row] = to[f->level[row]];
    free(order);
    free(to);
    if (status != DR_OK) {
        dr_names_free(&sorted);
        return status;
    }
    dr_names_free(&f->levels);
    f->levels = sorted;
    return DR_OK;
}

/* The category of a column of numbers. */
static dr_status level_numbers(dr_field *f, size_t rows)
{
    double last = NAN;
    uint32_t level = DR_NO_LEVEL;
    for (size_t row = 0; row < rows; row++) {
        char text[32];
        if (isnan(f->number[row])) {
            f->level[row] = DR_NO_LEVEL;
            continue;
        }
        if (f->number[row] != last) {
            last = f->number[row];
            snprintf(text, sizeof text, "%.15g", last);
            int found = dr_names_add(&f->levels, text);
            if (found < 0)
                return dr_fail_memory();
            level = (uint32_t)found;
        }
        f->level[row] = level;
    }
    return DR_OK;
}

static dr_status make_levels(dr_flow_panel *p)
{
    for (size_t i = 0; i < p->fields; i++) {
        dr_field *f = &p->field[i];
        if (!f->as_category)
            continue;
        if (f->as_number)
            DR_TRY(level_numbers(f, p->rows));
        DR_TRY(sort_levels(f, p->rows));
    }
    return DR_OK;
}

static dr_status check_years(const dr_flow_panel *p)
{
    char place[200];
    for (size_t row = 0; p->year >= 0 && row < p->rows; row++) {
        double year = p->field[p->year].number[row];
        if (!isnan(year) && (year != floor(year) || fabs(year) > 1e6))
            return dr_fail(DR_BAD_INPUT, "%s: %.10g is no year", dr_flow_panel_place(place, sizeof place, p, row),
                           year);
    }
    return DR_OK;
}

/* ---- Other years of the same flow -------------------------------------------------------------------------------------- */

static uint64_t scramble(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The flow of a row, whatever its year. */
static bool same_flow(const dr_flow_panel *p, size_t a, size_t b)
{
    const int fields[] = {p->exporter, p->importer, p->by};
    for (size_t i = 0; i < 3; i++)
        if (fields[i] >= 0 && p->field[fields[i]].level[a] != p->field[fields[i]].level[b])
            return false;
    return true;
}

/* Where the search for a flow in a year begins. */
static size_t slot_of(const dr_flow_panel *p, size_t row, double year)
{
    uint64_t key = (uint64_t)p->field[p->exporter].level[row] << 32 | p->field[p->importer].level[row];
    key = scramble(key + 0x9e3779b97f4a7c15u) ^ (uint64_t)(int64_t)year;
    if (p->by >= 0)
        key ^= (uint64_t)p->field[p->by].level[row] << 40;
    return (size_t)scramble(key) & (p->index.slots - 1);
}

/* The row of the same flow in that year, or SIZE_MAX; *slot is where it is or would be. */
static size_t find_year(const dr_flow_panel *p, size_t row, double year, size_t *slot)
{
    const double *years = p->field[p->year].number;
    for (*slot = slot_of(p, row, year); p->index.slot[*slot]; *slot = (*slot + 1) & (p->index.slots - 1)) {
        size_t there = p->index.slot[*slot] - 1;
        if (years[there] == year && same_flow(p, row, there))
            return there;
    }
    return SIZE_MAX;
}

static dr_status make_index(dr_flow_panel *p)
{
    char place[200];
    size_t slot = 0;
    for (p->index.slots = 16; p->index.slots < 2 * p->rows; p->index.slots *= 2)
        ;
    p->index.slot = dr_new(p->index.slots, sizeof *p->index.slot);
    if (!p->index.slot)
        return dr_fail_memory();
    for (size_t row = 0; row < p->rows; row++) {
        double year = p->field[p->year].number[row];
        if (isnan(year))
            continue;
        if (find_year(p, row, year, &slot) != SIZE_MAX)
            return dr_fail(DR_BAD_INPUT,
                           "%s: is there twice, so that lags have no one year to look at; --by may tell "
                           "the flows apart",
                           dr_flow_panel_place(place, sizeof place, p, row));
        p->index.slot[slot] = (uint32_t)(row + 1);
    }
    return DR_OK;
}

/* ---- Values ---------------------------------------------------------------------------------------------------------- */

bool dr_flow_panel_is_domestic(const dr_flow_panel *p, size_t row)
{
    const dr_field *x = &p->field[p->exporter], *m = &p->field[p->importer];
    uint32_t a = x->level[row], b = m->level[row];
    return a != DR_NO_LEVEL && b != DR_NO_LEVEL && strcmp(x->levels.names[a], m->levels.names[b]) == 0;
}

static double of_group(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    const dr_flow_panel_group *g = &p->group[node->bound];
    size_t years = (size_t)g->years;
    uint32_t x = p->field[p->exporter].level[row], m = p->field[p->importer].level[row];
    double y = p->field[p->year].number[row] + shift - g->first;
    if (x == DR_NO_LEVEL || m == DR_NO_LEVEL || !(y >= 0 && y < g->years))
        return NAN;
    if (dr_flow_panel_is_domestic(p, row))
        return 0;
    int members = g->exporter[x * years + (size_t)y] + g->importer[m * years + (size_t)y];
    return node->operation == DR_OP_BOTH ? members == 2 : node->operation == DR_OP_ONE ? members == 1 : members > 0;
}

static double of_name(const dr_flow_panel *p, const dr_node *node, size_t row)
{
    if (node->bound == DR_BOUND_INTERNATIONAL) {
        bool known = p->field[p->exporter].level[row] != DR_NO_LEVEL && p->field[p->importer].level[row] != DR_NO_LEVEL;
        return known ? !dr_flow_panel_is_domestic(p, row) : NAN;
    }
    return p->field[node->bound].number[row];
}

static double of_two(dr_operation operation, double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    switch (operation) {
    case DR_OP_ADD:
        return a + b;
    case DR_OP_SUBTRACT:
        return a - b;
    case DR_OP_MULTIPLY:
        return a * b;
    case DR_OP_DIVIDE:
        return a / b;
    case DR_OP_LESS:
        return a < b;
    case DR_OP_AT_MOST:
        return a <= b;
    case DR_OP_MORE:
        return a > b;
    case DR_OP_AT_LEAST:
        return a >= b;
    case DR_OP_EQUAL:
        return a == b;
    default:
        return a != b;
    }
}

static double of_call(dr_operation operation, double x)
{
    switch (operation) {
    case DR_OP_LOG:
        return log(x);
    case DR_OP_EXP:
        return exp(x);
    case DR_OP_SQRT:
        return sqrt(x);
    default:
        return fabs(x);
    }
}

/* Whether an expression is of groups alone, whose dates are known in any year. */
static bool is_dated(const dr_node *node)
{
    return !node || (node->kind != DR_NODE_NAME && is_dated(node->left) && is_dated(node->right));
}

static double value_at(const dr_flow_panel *p, const dr_node *node, size_t row, double shift);

/* Other values are those of the row of the other year. */
static double of_shift(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    size_t slot = 0;
    shift += node->number;
    if (is_dated(node->left))
        return value_at(p, node->left, row, shift);
    size_t there = find_year(p, row, p->field[p->year].number[row] + shift, &slot);
    return there == SIZE_MAX ? NAN : value_at(p, node->left, there, 0);
}

static double value_at(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    switch (node->kind) {
    case DR_NODE_NUMBER:
        return node->number;
    case DR_NODE_NAME:
        return of_name(p, node, row);
    case DR_NODE_GROUP:
        return of_group(p, node, row, shift);
    case DR_NODE_SHIFT:
        return of_shift(p, node, row, shift);
    case DR_NODE_CALL:
        return of_call(node->operation, value_at(p, node->left, row, shift));
    case DR_NODE_BINARY:
        return of_two(node->operation, value_at(p, node->left, row, shift), value_at(p, node->right, row, shift));
    }
    return NAN;
}

double dr_flow_panel_value(const dr_flow_panel *p, const dr_node *node, size_t row)
{
    return value_at(p, node, row, 0);
}

/* ---- Places ---------------------------------------------------------------------------------------------------------- */

static const char *level_of(const dr_flow_panel *p, int field, size_t row)
{
    uint32_t level = field >= 0 ? p->field[field].level[row] : DR_NO_LEVEL;
    return level == DR_NO_LEVEL ? "" : p->field[field].levels.names[level];
}

/* The line of a CSV that a row is; 0 where it cannot be told. */
static size_t line_of(const dr_flow_panel *p, size_t row)
{
    dr_relation relation = {0};
    dr_csv *csv = NULL;
    bool more = true;
    size_t line = 0;
    if (p->where || p->file_count != 1 || dr_relation_columns(&relation, p->files[0]) != DR_OK || relation.parquet) {
        dr_relation_free(&relation);
        return 0;
    }
    dr_relation_free(&relation);
    dr_status status = dr_csv_open(&csv, p->files[0]);
    if (status == DR_OK)
        status = dr_csv_header(csv, NULL, 0, NULL);
    for (size_t i = 0; i <= row && status == DR_OK && more; i++)
        status = dr_csv_record(csv, &more);
    if (status == DR_OK && more)
        line = dr_csv_line(csv);
    dr_csv_close(csv);
    return line;
}

const char *dr_flow_panel_place(char *text, size_t size, const dr_flow_panel *p, size_t row)
{
    size_t line = line_of(p, row);
    int used = line ? snprintf(text, size, "%.80s:%zu: ", p->files[0], line) : 0;
    if (p->exporter >= 0 && p->importer >= 0)
        used += snprintf(text + used, size - (size_t)used, "%.40s to %.40s", level_of(p, p->exporter, row),
                         level_of(p, p->importer, row));
    else
        used += snprintf(text + used, size - (size_t)used, "row %zu", row + 1);
    if (p->year >= 0 && !isnan(p->field[p->year].number[row]))
        snprintf(text + used, size - (size_t)used, " in %g", p->field[p->year].number[row]);
    return text;
}

/* ---- All of it ------------------------------------------------------------------------------------------------------- */

static dr_status read_all(reading *r)
{
    char **sql = dr_new(r->request->file_count, sizeof *sql);
    if (!sql)
        return dr_fail_memory();
    dr_status status = read_rows(r, sql);
    for (size_t i = 0; i < r->request->file_count; i++)
        free(sql[i]);
    free(sql);
    if (status == DR_OK)
        status = make_levels(r->panel);
    if (status == DR_OK)
        status = check_years(r->panel);
    if (status == DR_OK && r->shifts)
        status = make_index(r->panel);
    return status;
}

dr_status dr_flow_panel_read(dr_flow_panel *out, const dr_flow_panel_request *request)
{
    reading r = {.panel = out, .request = request};
    *out = (dr_flow_panel){.exporter = -1,
                           .importer = -1,
                           .year = -1,
                           .by = -1,
                           .files = request->files,
                           .file_count = request->file_count,
                           .where = request->where};
    out->field = dr_new(MOST_FIELDS, sizeof *out->field);
    dr_status status = out->field ? dr_flow_panel_source_open(&r.source, request) : dr_fail_memory();
    if (status == DR_OK)
        status = bind(&r);
    if (status == DR_OK)
        status = read_all(&r);
    if (status == DR_OK)
        status = bind_all_groups(&r);
    dr_flow_panel_source_close(&r.source);
    return status;
}

void dr_flow_panel_free(dr_flow_panel *p)
{
    for (size_t i = 0; i < p->fields; i++) {
        free(p->field[i].number);
        free(p->field[i].level);
        dr_names_free(&p->field[i].levels);
    }
    for (size_t i = 0; i < p->groups; i++) {
        free(p->group[i].exporter);
        free(p->group[i].importer);
    }
    free(p->field);
    free(p->group);
    free(p->index.slot);
    dr_arena_free(&p->arena);
    *p = (dr_flow_panel){0};
}
