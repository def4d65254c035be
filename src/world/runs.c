/* Runs kept in a world. The rows of all runs are in one table per kind (run_regions, ...), with a first column
 * `run`. */
#include "world/runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/sql.h"
#include "world/describe.h"
#include "world/world_sql.h"
#include "world/write.h"

/* ---- Storing ---- */

static dr_status check_name(const dr_writer *writer, const char *name)
{
    bool taken = false;
    DR_TRY(dr_sql_any(&taken, &writer->duck, dr_world_sql.runs.is_taken, DR_VALUES(dr_sql_text("run", name))));
    return taken ? dr_fail(DR_BAD_INPUT, "the run '%s' already exists; choose another name", name) : DR_OK;
}

static dr_status append_run(const dr_writer *writer, const char *name, const dr_table *table)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "run"));
    dr_append_text(&rows, 0, name);
    dr_append_text(&rows, 1, table->title);
    dr_append_text(&rows, 2, table->unit);
    dr_append_null(&rows, 3);
    DR_TRY(dr_append_end(&rows, dr_append_row(&rows)));
    return dr_sql_run(&writer->duck, dr_world_sql.runs.set_time, NULL);
}

/* The answer is kept as facts answer.1, answer.2, ... */
static const char answer_fact[] = "answer.";

static dr_status append_answer(dr_append *rows, const char *name, const dr_table *table)
{
    char fact[32];
    for (size_t i = 0; i < table->sentence_count; i++) {
        snprintf(fact, sizeof fact, "%s%zu", answer_fact, i + 1);
        dr_append_text(rows, 0, name);
        dr_append_text(rows, 1, fact);
        dr_append_text(rows, 2, table->sentences[i]);
        dr_append_number(rows, 3, NAN);
        DR_TRY(dr_append_row(rows));
    }
    return DR_OK;
}

static dr_status append_facts(const dr_writer *writer, const char *name, const dr_table *table)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "run_fact"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < table->fact_count; i++) {
        const dr_fact *fact = &table->facts[i];
        dr_append_text(&rows, 0, name);
        dr_append_text(&rows, 1, fact->name);
        if (fact->text)
            dr_append_text(&rows, 2, fact->text);
        else
            dr_append_null(&rows, 2);
        dr_append_number(&rows, 3, fact->number);
        status = dr_append_row(&rows);
    }
    if (status == DR_OK)
        status = append_answer(&rows, name, table);
    return dr_append_end(&rows, status);
}

static dr_status append_notes(const dr_writer *writer, const char *name, const dr_table *table)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "run_note"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < table->note_count; i++) {
        dr_append_text(&rows, 0, name);
        dr_append_text(&rows, 1, table->notes[i]);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

static dr_status append_columns(const dr_writer *writer, const char *name, const char *kind, const dr_table *table)
{
    dr_append rows;
    DR_TRY(dr_append_open(&rows, &writer->duck, "run_column"));
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < table->column_count; i++) {
        dr_append_text(&rows, 0, name);
        dr_append_text(&rows, 1, kind);
        dr_append_text(&rows, 2, table->columns[i].name);
        dr_append_index(&rows, 3, (size_t)table->columns[i].show);
        status = dr_append_row(&rows);
    }
    return dr_append_end(&rows, status);
}

/* The table that holds the rows of a result. */
static const char *table_of(char table[DR_NAMES_SIZE], const char *result)
{
    snprintf(table, DR_NAMES_SIZE, "run_%s", result);
    return table;
}

/* The table of the kind gets the columns that this result has and earlier ones had not. */
static dr_status append_result(const dr_writer *writer, const char *name, const char *kind, const dr_table *table)
{
    char to[DR_NAMES_SIZE];
    const dr_duck *duck = &writer->duck;
    const dr_sql_value target = dr_sql_name("table", table_of(to, kind));
    DR_TRY(dr_append_table(duck, "incoming", table));
    DR_TRY(dr_sql_run(duck, dr_world_sql.runs.create_result, DR_VALUES(target)));
    for (size_t i = 0; i < table->column_count; i++)
        DR_TRY(
            dr_sql_run(duck, dr_world_sql.runs.add_column,
                       DR_VALUES(target, dr_sql_name("column", table->columns[i].name),
                                 dr_sql_part("type", table->columns[i].show == DR_SHOW_TEXT ? "VARCHAR" : "DOUBLE"))));
    return dr_sql_run(duck, dr_world_sql.runs.insert_rows, DR_VALUES(target, dr_sql_text("run", name)));
}

static dr_status store(const dr_writer *writer, const char *name, const dr_table *const *tables,
                       const char *const *kinds, size_t count)
{
    DR_TRY(check_name(writer, name));
    DR_TRY(append_run(writer, name, tables[0]));
    DR_TRY(append_facts(writer, name, tables[0]));
    DR_TRY(append_notes(writer, name, tables[0]));
    for (size_t i = 0; i < count; i++) {
        DR_TRY(append_columns(writer, name, kinds[i], tables[i]));
        DR_TRY(append_result(writer, name, kinds[i], tables[i]));
    }
    return DR_OK;
}

dr_status dr_runs_store(const char *path, const char *name, const dr_table *const *tables, const char *const *kinds,
                        size_t count)
{
    struct stat about;
    dr_writer *writer = NULL;
    if (!*name || !dr_utf8(name))
        return dr_fail(DR_BAD_INPUT, "the name of a run must be UTF-8 text and not empty");
    if (stat(path, &about) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: no such file; expected a world file", path);
    DR_TRY(dr_writer_open(&writer, path));
    dr_status status = store(writer, name, tables, kinds, count);
    if (status == DR_OK)
        return dr_writer_commit(writer);
    dr_fail_at(status, path);
    dr_writer_abandon(writer);
    return status;
}

/* ---- Reading ---- */

dr_status dr_world_runs(dr_table **out, dr_world *world)
{
    DR_TRY(DR_GIVEN(out, world));
    static const dr_column_spec columns[] = {
        {"name", DR_SHOW_TEXT}, {"title", DR_SHOW_TEXT}, {"tables", DR_SHOW_TEXT}, {"stored", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, 4));
    dr_table_set_title(table, "Runs stored in %s", world->path);
    dr_status status = dr_sql_table(table, &world->duck, dr_world_sql.runs.list, NULL);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}

static dr_status check_there(const dr_names *names, const char *name, const char *what, const char *of)
{
    char hint[DR_HINT_SIZE], list[DR_NAMES_SIZE];
    if (dr_names_find(names, name) >= 0)
        return DR_OK;
    dr_hint(hint, name, (const char *const *)names->names, names->count);
    return dr_fail(DR_BAD_INPUT, "%s: there is no %s '%s'%s", of, what, name,
                   *hint              ? hint
                   : names->count > 0 ? dr_names_list(list, "; there are ", names)
                                      : "; it has none");
}

static dr_status check_run(const dr_world *world, const char *run, const char *result)
{
    dr_names runs = {0}, results = {0};
    dr_status status = dr_sql_names(&runs, &world->duck, dr_world_sql.runs.names, NULL);
    if (status == DR_OK)
        status = check_there(&runs, run, "run", world->path);
    if (status == DR_OK)
        status = dr_sql_names(&results, &world->duck, dr_world_sql.runs.results, DR_VALUES(dr_sql_text("run", run)));
    if (status == DR_OK)
        status = check_there(&results, result, "table of the run", world->path);
    dr_names_free(&runs);
    dr_names_free(&results);
    return status;
}

/* The columns of the table run_<result> that hold texts, or numbers. */
static dr_status read_columns(dr_names *names, const dr_world *world, const char *result, bool texts)
{
    char table[DR_NAMES_SIZE];
    return dr_sql_names(
        names, &world->duck, dr_world_sql.contents.columns_of_type,
        DR_VALUES(dr_sql_text("table", table_of(table, result)), dr_sql_part("texts", texts ? "true" : "false")));
}

/* The columns of a stored result: what run_column says, which is to fit the table that holds the rows. */
typedef struct result {
    dr_names texts, numbers;
    dr_column_spec columns[DR_MOST_COLUMNS];
    size_t count;
    dr_arena arena;
} result;

static dr_status take_column(result *r, const dr_world *world, const dr_cursor *cursor, const char *of)
{
    const char *name = dr_cursor_text(cursor, 0, &r->arena);
    long shown = dr_cursor_index(cursor, 1);
    if (!name)
        return dr_fail_memory();
    if (r->count == DR_MOST_COLUMNS || shown < DR_SHOW_TEXT || shown > DR_SHOW_NUMBER ||
        dr_names_find(shown == DR_SHOW_TEXT ? &r->texts : &r->numbers, name) < 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: the table 'run_column' has a column '%.60s' of '%.40s' that is not in the table "
                       "'run_%.40s', or is of another type",
                       world->path, name, of, of);
    r->columns[r->count++] = (dr_column_spec){name, (dr_show)shown};
    return DR_OK;
}

static dr_status read_result(result *r, const dr_world *world, const char *run, const char *of)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &world->duck, dr_world_sql.runs.columns,
                                   DR_VALUES(dr_sql_text("run", run), dr_sql_text("result", of)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more)
        status = take_column(r, world, &cursor, of);
    dr_cursor_close(&cursor);
    return status;
}

/* The query of the rows of a stored result. */
static dr_status print_query(char **sql, const result *r, const char *run, const char *of)
{
    char table[DR_NAMES_SIZE];
    const char *columns[DR_MOST_COLUMNS];
    for (size_t i = 0; i < r->count; i++)
        columns[i] = r->columns[i].name;
    return dr_sql_fill(sql, dr_world_sql.runs.rows,
                       DR_VALUES(dr_sql_columns("columns", columns, r->count),
                                 dr_sql_name("table", table_of(table, of)), dr_sql_text("run", run)));
}

/* An empty table with the columns of the stored result; *sql selects its rows. */
static dr_status make_table(dr_table **out, const dr_world *world, const char *run, const char *of, char **sql)
{
    result r = {0};
    dr_status status = read_columns(&r.texts, world, of, true);
    if (status == DR_OK)
        status = read_columns(&r.numbers, world, of, false);
    if (status == DR_OK)
        status = read_result(&r, world, run, of);
    if (status == DR_OK)
        status = print_query(sql, &r, run, of);
    if (status == DR_OK)
        status = dr_table_new(out, r.columns, r.count);
    dr_names_free(&r.texts);
    dr_names_free(&r.numbers);
    dr_arena_free(&r.arena);
    return status;
}

static dr_status read_facts(dr_table *table, const dr_duck *duck, const char *run)
{
    dr_cursor cursor;
    bool more = false;
    dr_arena texts = {0};
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.runs.facts, DR_VALUES(dr_sql_text("run", run)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *name = dr_cursor_text(&cursor, 0, &texts), *text = dr_cursor_text(&cursor, 1, &texts);
        if (!name || !text)
            status = dr_fail_memory();
        else if (dr_cursor_index(&cursor, 3))
            dr_table_add_fact(table, name, dr_cursor_number(&cursor, 2));
        else if (strncmp(name, answer_fact, sizeof answer_fact - 1) == 0)
            dr_table_say(table, "%s", text);
        else
            dr_table_add_fact_text(table, name, text);
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static dr_status read_heading(dr_table *table, const dr_duck *duck, const char *run)
{
    dr_names notes = {0};
    dr_arena texts = {0};
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.runs.heading, DR_VALUES(dr_sql_text("run", run)));
    if (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *title = dr_cursor_text(&cursor, 0, &texts), *unit = dr_cursor_text(&cursor, 1, &texts);
        if (title && unit) {
            dr_table_set_title(table, "%s", title);
            dr_table_set_unit(table, unit);
        } else
            status = dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    if (status == DR_OK)
        status = dr_sql_names(&notes, duck, dr_world_sql.runs.notes, DR_VALUES(dr_sql_text("run", run)));
    for (size_t i = 0; i < notes.count; i++)
        dr_table_add_note(table, "%s", notes.names[i]);
    dr_names_free(&notes);
    return status;
}

/* The names of the codes, if the year of the run is still there. */
static void name_codes(dr_table *table, const dr_world *world)
{
    dr_economy *names = NULL;
    double year = dr_table_fact(table, "year");
    for (size_t i = 0; i < world->year_count; i++)
        if (world->years[i] == year && dr_economy_load_names(&names, world, world->years[i]) == DR_OK) {
            dr_describe_names(table, names);
            dr_economy_free(names);
            return;
        }
}

dr_status dr_world_run(dr_table **out, dr_world *world, const char *name, const char *table)
{
    DR_TRY(DR_GIVEN(out, world, name, table));
    dr_table *made = NULL;
    char *sql = NULL;
    static const char *const tables[] = {"run_column", "run_fact", "run_note"};
    dr_status status = check_run(world, name, table);
    for (size_t i = 0; status == DR_OK && i < sizeof tables / sizeof *tables; i++)
        status = dr_world_rows_check(world, tables[i]);
    if (status == DR_OK)
        status = make_table(&made, world, name, table, &sql);
    if (status == DR_OK)
        status = read_heading(made, &world->duck, name);
    if (status == DR_OK)
        status = read_facts(made, &world->duck, name);
    if (status == DR_OK)
        status = dr_sql_table(made, &world->duck, "{rows}", DR_VALUES(dr_sql_part("rows", sql)));
    if (status == DR_OK)
        dr_table_kinds_from_column(made);
    if (status == DR_OK)
        name_codes(made, world);
    free(sql);
    if (status == DR_OK)
        *out = made;
    else
        dr_table_free(made);
    return status;
}
