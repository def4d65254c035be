#include "estimate/flow_panel_impl.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/portable.h"
#include "base/print.h"
#include "base/relation.h"
#include "base/sql.h"
#include "estimate/estimate_sql.h"
#include "world/world.h"

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

static const char *files_name(const dr_flow_reading *r)
{
    return r->request->file_count == 1 ? r->request->files[0] : "the flows";
}

/* Checks that memory holds the rows, and reserves it: 8 bytes a number and 4 a category here, and about as
 * much as 12 numbers a row in the estimator. */
static dr_status make_room(dr_flow_reading *r, size_t kept, size_t rows)
{
    dr_flow_panel *p = r->panel;
    double bytes = 12 * 8;
    for (size_t i = 0; i < p->fields; i++)
        bytes += (p->field[i].as_number ? 16 : 0) + 4;
    if (kept == 0)
        return dr_fail(DR_BAD_INPUT, "%s: no rows%s", files_name(r), p->where ? " that the filter keeps" : "");
    if (rows >= UINT32_MAX || bytes * (double)rows > dr_memory_available())
        return dr_fail(DR_MACHINE, "%s: %zu rows need about %.1f GB of memory, but only %.1f GB are available",
                       files_name(r), rows, 1e-9 * bytes * (double)rows, 1e-9 * dr_memory_available());
    for (size_t i = 0; i < p->fields; i++) {
        dr_field *f = &p->field[i];
        if (f->as_number && !(f->number = dr_new_doubles(rows)))
            return dr_fail_memory();
        if (f->as_category && !(f->level = dr_new(rows, sizeof *f->level)))
            return dr_fail_memory();
    }
    return DR_OK;
}

static dr_status count_rows(dr_flow_reading *r, const dr_duck *duck, char *const *sql, size_t *rows)
{
    for (size_t file = 0; file < r->request->file_count; file++) {
        double count = 0;
        DR_TRY(
            dr_sql_number(&count, duck, dr_estimate_sql.flows.count_rows, DR_VALUES(dr_sql_part("rows", sql[file]))));
        *rows += (size_t)count;
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
            return dr_fail(DR_BAD_INPUT, "the column '%s' has a text of %zu bytes; the maximum is %zu", f->name, size,
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

static dr_status take_chunk(dr_flow_reading *r, const dr_cursor *cursor, size_t from)
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

static dr_status take_rows(dr_flow_reading *r, const dr_duck *duck, const char *sql, size_t *at, size_t rows)
{
    dr_cursor cursor;
    bool more = true;
    dr_status status = dr_cursor_open(&cursor, duck, "%s", sql);
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more) {
        if (*at + cursor.rows > rows)
            status = dr_fail(DR_MACHINE, "the flows changed while they were read: there are more rows now");
        else
            status = take_chunk(r, &cursor, *at);
        *at += cursor.rows;
    }
    dr_cursor_close(&cursor);
    return status;
}

/* A message of the database about a query concerns the filter, or a cell that is not a number. */
static dr_status explain(dr_flow_reading *r, dr_status status)
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

/* The rows that the filter keeps, and after them the others, where a formula looks at other rows: sql[file], then
 * sql[files + file]. */
static dr_status read_rows(dr_flow_reading *r, char **sql)
{
    size_t rows = 0, all = 0, at = 0, files = r->request->file_count;
    const dr_duck *duck = r->source.world ? &r->source.world->duck : &r->source.duck;
    bool others = r->shifts && r->panel->where;
    for (size_t file = 0; file < (others ? 2 : 1) * files; file++)
        DR_TRY(
            dr_flow_panel_query(&sql[file], &r->source, r->panel, file < files ? file : file - files, file >= files));
    DR_TRY(dr_flow_panel_source_lock(&r->source));
    DR_TRY(dr_flow_panel_join_check(&r->source, r->panel));
    dr_status status = count_rows(r, duck, sql, &rows);
    all = rows;
    if (status == DR_OK && others)
        status = count_rows(r, duck, sql + files, &all);
    if (status != DR_OK)
        return explain(r, status);
    DR_TRY(make_room(r, rows, all));
    for (size_t file = 0; status == DR_OK && file < files; file++)
        status = take_rows(r, duck, sql[file], &at, rows);
    r->panel->rows = at;
    for (size_t file = files; status == DR_OK && others && file < 2 * files; file++)
        status = take_rows(r, duck, sql[file], &at, all);
    r->panel->all_rows = at;
    return explain(r, status);
}

/* ---- Levels ------------------------------------------------------------------------------------------------------ */

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
            dr_print_text(text, sizeof text, "%.15g", last);
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
            DR_TRY(level_numbers(f, p->all_rows));
        DR_TRY(sort_levels(f, p->all_rows));
    }
    return DR_OK;
}

static dr_status check_years(const dr_flow_panel *p)
{
    char place[200];
    for (size_t row = 0; p->year >= 0 && row < p->rows; row++) {
        double year = p->field[p->year].number[row];
        if (!isnan(year) && (year != floor(year) || fabs(year) > 1e6))
            return dr_fail(DR_BAD_INPUT, "%s: %.10g is not a year", dr_flow_panel_place(place, sizeof place, p, row),
                           year);
    }
    return DR_OK;
}

/* ---- Entry points ------------------------------------------------------------------------------------------------ */

static dr_status read_all(dr_flow_reading *r)
{
    char **sql = dr_new(2 * r->request->file_count, sizeof *sql);
    if (!sql)
        return dr_fail_memory();
    dr_status status = read_rows(r, sql);
    for (size_t i = 0; i < 2 * r->request->file_count; i++)
        free(sql[i]);
    free(sql);
    if (status == DR_OK)
        status = make_levels(r->panel);
    if (status == DR_OK)
        status = check_years(r->panel);
    if (status == DR_OK && r->shifts)
        status = dr_flow_panel_make_index(r->panel);
    return status;
}

dr_status dr_flow_panel_read(dr_flow_panel *out, const dr_flow_panel_request *request)
{
    dr_flow_reading r = {.panel = out, .request = request};
    *out = (dr_flow_panel){.exporter = -1,
                           .importer = -1,
                           .year = -1,
                           .by = -1,
                           .sector = -1,
                           .files = request->files,
                           .file_count = request->file_count,
                           .where = request->where,
                           .rearranged = request->join || request->fill_zeros};
    out->field = dr_new(DR_MOST_FIELDS, sizeof *out->field);
    dr_status status = out->field ? dr_flow_panel_source_open(&r.source, request) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_flow_panel_bind(&r);
    if (status == DR_OK)
        status = read_all(&r);
    if (status == DR_OK)
        status = dr_flow_panel_bind_groups(&r);
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
