#include "result/part_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rows.h"
#include "base/table_rows.h"
#include "result/provenance.h"

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static size_t cut(const dr_part_task *task, size_t part)
{
    return (size_t)((unsigned long long)task->items * part / task->parts);
}

size_t dr_part_task_first(const dr_part_task *task)
{
    return cut(task, task->part - 1);
}

size_t dr_part_task_end(const dr_part_task *task)
{
    return cut(task, task->part);
}

dr_status dr_part_task_begin(json_t **run, bool *there, const char *path, const dr_model *model,
                             const dr_scenario *scenario, const dr_part_task *task)
{
    char items[32], parts[32];
    dr_provenance from;
    if (task->parts > task->items)
        return dr_fail(DR_USAGE, "%zu parts of %zu solves; expected no more parts than solves", task->parts,
                       task->items);
    dr_provenance_take(&from, model, scenario);
    snprintf(items, sizeof items, "%zu", task->items);
    snprintf(parts, sizeof parts, "%zu", task->parts);
    json_t *of = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "version", DR_VERSION, "kind", task->kind,
                           "world", from.world, "model", from.model, "scenario", from.scenario, "items", items, "parts",
                           parts, "question", task->question);
    dr_status status = of ? dr_part_look(there, path, of, task->part) : dr_fail_memory();
    if (status == DR_OK)
        *run = of;
    else
        json_decref(of);
    return status;
}

/* The codes of the columns of text, each as often as it is used, and the columns that use it. */
static json_t *describe_codes(const dr_table *table)
{
    json_t *all = json_array();
    for (size_t c = 0; c < table->column_count; c++) {
        const dr_spelling *spelling = table->columns[c].spelling;
        json_t *codes = json_array();
        for (size_t i = 0; spelling && i < spelling->count; i++)
            json_array_append_new(codes, json_pack("[s, s, s?]", spelling->codes[i].code, spelling->codes[i].name,
                                                   spelling->codes[i].members));
        json_array_append_new(all, codes);
    }
    return all;
}

dr_status dr_part_task_write(const char *path, dr_table *table, json_t *run, const dr_part_task *task)
{
    json_t *of = json_pack("{s:O, s:I, s:I, s:o, s:o}", "run", run, "part", (json_int_t)task->part, "rows",
                           (json_int_t)table->rows, "table", dr_part_describe(table), "codes", describe_codes(table));
    char *text = of ? json_dumps(of, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(of);
    dr_status status = text ? dr_table_kinds_to_column(table) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_part_write_table(path, table, text);
    free(text);
    return status;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static dr_status begin(dr_table **out, const dr_names *columns, const json_t *of)
{
    const json_t *shows = json_object_get(json_object_get(of, "table"), "shows");
    size_t count = json_array_size(shows);
    if (count == 0 || columns->count < count)
        return dr_fail(DR_BAD_INPUT, "its columns are not those of a part");
    dr_column_spec *specs = dr_new(count, sizeof *specs);
    if (!specs)
        return dr_fail_memory();
    for (size_t c = 0; c < count; c++) {
        json_int_t show = json_integer_value(json_array_get(shows, c));
        bool known = show >= DR_SHOW_TEXT && show <= DR_SHOW_NUMBER;
        specs[c] = (dr_column_spec){columns->names[c], known ? (dr_show)show : DR_SHOW_NUMBER};
    }
    dr_status status = dr_table_new(out, specs, count);
    free(specs);
    if (status == DR_OK)
        dr_part_describe_as(*out, json_object_get(of, "table"));
    return status;
}

static dr_status fill(dr_table *table, dr_cursor *cursor)
{
    dr_arena arena = {0};
    bool more = false, kinds = cursor->columns > table->column_count;
    dr_status status = DR_OK;
    while ((status = dr_cursor_next(cursor, &more)) == DR_OK && more) {
        size_t row = dr_table_add_row(table);
        const char *word = kinds ? dr_cursor_text(cursor, table->column_count, &arena) : NULL;
        for (size_t c = 0; c < table->column_count; c++)
            if (table->columns[c].show == DR_SHOW_TEXT) {
                const char *text = dr_cursor_text(cursor, c, &arena);
                dr_table_set_text(table, row, c, text ? text : "");
            } else {
                dr_table_set_number(table, row, c, dr_cursor_number(cursor, c));
            }
        for (dr_row_kind k = DR_ROW_GROUP; k <= DR_ROW_TOTAL; k++)
            if (word && strcmp(word, dr_row_kind_word(k)) == 0)
                dr_table_set_kind(table, row, k);
    }
    dr_arena_free(&arena);
    return status;
}

static dr_status name_column(dr_table *table, size_t column, const json_t *of)
{
    size_t count = json_array_size(of);
    if (count == 0)
        return DR_OK;
    dr_code *codes = dr_new(count, sizeof *codes);
    if (!codes)
        return dr_fail_memory();
    for (size_t i = 0; i < count; i++) {
        const json_t *code = json_array_get(of, i);
        const char *text = json_string_value(json_array_get(code, 0)),
                   *name = json_string_value(json_array_get(code, 1));
        codes[i] = (dr_code){text ? text : "", name ? name : "", json_string_value(json_array_get(code, 2))};
    }
    table->columns[column].spelling = dr_table_spelling(table, codes, count);
    free(codes);
    return dr_table_done(table);
}

static dr_status read_table(dr_table **out, const dr_duck *duck, const dr_part *part)
{
    dr_names columns = {0};
    dr_cursor cursor = {0};
    dr_table *table = NULL;
    char *file = dr_duck_path(part->path);
    dr_status status = file ? dr_cursor_names(&columns, duck,
                                              "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(%s))", file)
                            : dr_fail_memory();
    if (status == DR_OK)
        status = begin(&table, &columns, part->of);
    if (status == DR_OK)
        status = dr_cursor_open(&cursor, duck, "SELECT * FROM read_parquet(%s)", file);
    if (status == DR_OK)
        status = fill(table, &cursor);
    const json_t *codes = json_object_get(part->of, "codes");
    for (size_t c = 0; status == DR_OK && c < table->column_count; c++)
        status = name_column(table, c, json_array_get(codes, c));
    dr_cursor_close(&cursor);
    dr_names_free(&columns);
    free(file);
    status = dr_table_finish(out, table, status);
    return status == DR_BAD_INPUT ? dr_fail_at(status, part->path) : status;
}

/* ---- Cut-offs ---------------------------------------------------------------------------------------------------- */

static double largest_loss(const dr_table *table)
{
    size_t row = dr_table_largest(table, "loss", 1, DR_NO_ROW);
    return row == DR_NO_ROW ? -INFINITY : dr_table_at(table, row, "loss");
}

static dr_fact *fact_of(dr_table *table, const char *name)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (strcmp(table->facts[i].name, name) == 0)
            return &table->facts[i];
    return NULL;
}

/* Joins the certificates, too: the work of all, and the equation of the larger residual. The answer is of the worst
 * cut-off. */
static dr_status join_cuts(dr_table *all, const dr_table *of)
{
    static const char *const sums[] = {"certificate.solves", "certificate.sweeps", "certificate.solve_seconds"};
    static const char worst[] = "certificate.worst_residual", equation[] = "certificate.worst_equation";
    enum { SUMS = sizeof sums / sizeof *sums };
    double sum[SUMS];
    bool worse = dr_table_fact(of, worst) > dr_table_fact(all, worst), better = largest_loss(of) > largest_loss(all);
    const char *text = dr_arena_text(&all->arena, dr_table_fact_text(worse ? of : all, equation));
    for (size_t k = 0; k < SUMS; k++)
        sum[k] = dr_table_fact(all, sums[k]) + dr_table_fact(of, sums[k]);
    DR_TRY(dr_table_join(all, of));
    for (size_t k = 0; k < SUMS; k++)
        if (fact_of(all, sums[k]))
            fact_of(all, sums[k])->number = sum[k];
    if (text && fact_of(all, equation))
        fact_of(all, equation)->text = text;
    if (!better)
        return text ? DR_OK : dr_fail_memory();
    all->sentence_count = 0;
    for (size_t k = 0; k < dr_table_sentences(of); k++)
        dr_table_say(all, "%s", dr_table_sentence(of, k));
    return dr_table_done(all);
}

typedef struct loss {
    size_t row;
    double size;
} loss;

/* Those without an equilibrium first, then in descending order; else as they are. */
static int by_loss(const void *a, const void *b)
{
    const loss *x = a, *y = b;
    if (isnan(x->size) != isnan(y->size))
        return isnan(x->size) ? -1 : 1;
    if (x->size < y->size || x->size > y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static dr_status sort_cuts(dr_table *table)
{
    size_t rows = table->rows;
    loss *losses = dr_new(rows + 1, sizeof *losses);
    dr_row_list order = {dr_new(rows + 1, sizeof *order.rows), rows};
    dr_status status = losses && order.rows ? DR_OK : dr_fail_memory();
    for (size_t row = 0; row < rows && status == DR_OK; row++)
        losses[row] = (loss){row, dr_table_at(table, row, "loss")};
    if (status == DR_OK) {
        qsort(losses, rows, sizeof *losses, by_loss);
        for (size_t row = 0; row < rows; row++)
            order.rows[row] = losses[row].row;
        status = dr_table_choose(table, &order);
    }
    free(losses);
    free(order.rows);
    return status;
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

static dr_status add_part(dr_table **all, const dr_duck *duck, const dr_part *part, bool cuts)
{
    dr_table *table = NULL;
    dr_status status = DR_OK;
    DR_TRY(read_table(&table, duck, part));
    if (!*all) {
        *all = table;
        return DR_OK;
    }
    status = cuts ? join_cuts(*all, table) : dr_table_join(*all, table);
    dr_table_free(table);
    return status == DR_BAD_INPUT ? dr_fail_at(status, part->path) : status;
}

dr_status dr_part_tables_combine(dr_table **out, const dr_part *part, size_t count)
{
    const json_t *run = json_object_get(part[0].of, "run");
    const char *kind = json_string_value(json_object_get(run, "kind"));
    bool cuts = kind && strcmp(kind, DR_PART_CUTS) == 0;
    dr_table *all = NULL;
    dr_duck duck = {0};
    dr_status status = dr_duck_open(&duck, NULL, false);
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = add_part(&all, &duck, &part[i], cuts);
    if (status == DR_OK && cuts)
        status = sort_cuts(all);
    if (status == DR_OK)
        dr_part_add_provenance(all, run, count);
    dr_duck_close(&duck);
    return dr_table_finish(out, all, status);
}
