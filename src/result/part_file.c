#include "result/part_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/output.h"
#include "base/print.h"
#include "base/rows.h"
#include "result/provenance.h"

static const char entry[] = "derisk_part";

/* ---- The run ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *key, *words;
    bool shown; /* people can read the text */
} members[] = {{"version", "the version of derisk", true},
               {"kind", "the kind of run", true},
               {"world", "the world", false},
               {"model", "the model", false},
               {"scenario", "the scenario", false},
               {"draws", "the number of draws", true},
               {"items", "the number of solves", true},
               {"parts", "the number of parts", true},
               {"question", "the question", true},
               {"seed", "the seed", true},
               {"elasticity_error", "the error of elasticities", true},
               {"share_error", "the error of shares", true}};

json_t *dr_part_run(const dr_model *model, const dr_scenario *scenario, const dr_draw_options *all, size_t parts)
{
    char draws[32], count[32], seed[32], elasticity[DR_NUMBER_SIZE], share[DR_NUMBER_SIZE];
    dr_provenance from;
    dr_provenance_take(&from, model, scenario);
    snprintf(draws, sizeof draws, "%zu", all->draws);
    snprintf(count, sizeof count, "%zu", parts);
    snprintf(seed, sizeof seed, "%llu", all->seed);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "version", DR_VERSION, "world", from.world,
                     "model", from.model, "scenario", from.scenario, "draws", draws, "parts", count, "seed", seed,
                     "elasticity_error", dr_number_exact(elasticity, all->elasticity_error), "share_error",
                     dr_number_exact(share, all->share_error));
}

bool dr_part_differs(char out[DR_PART_WORDS_SIZE], const json_t *run, const json_t *from)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *here = json_string_value(json_object_get(run, members[i].key));
        const char *there = json_string_value(json_object_get(from, members[i].key));
        if ((!here && !there) || (here && there && strcmp(here, there) == 0))
            continue;
        if (here && there && members[i].shown)
            snprintf(out, DR_PART_WORDS_SIZE, "%s is %.60s and not %.60s", members[i].words, here, there);
        else
            snprintf(out, DR_PART_WORDS_SIZE, "%s differs", members[i].words);
        return true;
    }
    return false;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Facts and notes of the results at the estimates, by which combined parts are described as one run is. */
json_t *dr_part_describe(const dr_table *point)
{
    json_t *facts = json_array(), *notes = json_array(), *shows = json_array(), *says = json_array();
    json_t *names = json_array(), *words = json_array();
    for (size_t i = 0; i < point->fact_count; i++) {
        const dr_fact *fact = &point->facts[i];
        json_array_append_new(facts, json_pack("[s, o]", fact->name,
                                               fact->text               ? json_string(fact->text)
                                               : isfinite(fact->number) ? json_real(fact->number)
                                                                        : json_null()));
    }
    for (size_t i = 0; i < point->note_count; i++)
        json_array_append_new(notes, json_string(point->notes[i]));
    for (size_t i = 0; i < point->sentence_count; i++)
        json_array_append_new(says, json_string(point->sentences[i]));
    for (size_t i = 0; i < point->column_count; i++) {
        const dr_column *column = &point->columns[i];
        json_array_append_new(shows, json_integer(column->show));
        json_array_append_new(words, column->heading && column->description
                                         ? json_pack("[s, s]", column->heading, column->description)
                                         : json_null());
    }
    for (size_t row = 0; row < point->rows; row++)
        json_array_append_new(names, json_string(dr_table_name(point, row, 0)));
    return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o}", "title", point->title, "unit", point->unit,
                     "rank", point->rank, "facts", facts, "notes", notes, "says", says, "shows", shows, "names", names,
                     "words", words);
}

static char *print_metadata(const dr_draw_run *run, json_t *of, size_t part)
{
    json_t *all = json_pack("{s:O, s:I, s:I, s:I, s:I, s:{s:f, s:s, s:I}, s:f, s:f, s:I, s:{s:I, s:s}, s:o}", "run", of,
                            "part", (json_int_t)part, "first", (json_int_t)run->first, "count", (json_int_t)run->draws,
                            "failed", (json_int_t)run->failed, "worst", "residual", run->residual, "equation",
                            run->equation, "draw", (json_int_t)run->first + (json_int_t)run->worst_draw, "sweeps",
                            run->sweeps, "seconds", run->seconds, "rows", (json_int_t)run->point->rows, "failure",
                            "draw", (json_int_t)run->first + (json_int_t)run->failure.piece, "line",
                            run->failed ? run->failure.line : "", "table", dr_part_describe(run->point));
    char *text = all ? json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(all);
    return text;
}

/* The results at the estimates, as draw 0. */
static void add_point(dr_table *table, const dr_table *point)
{
    for (size_t at = 0; at < point->rows; at++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_number(table, row, 0, 0);
        dr_table_set_text(table, row, 1, dr_table_text(point, at, 0));
        dr_table_set_kind(table, row, dr_table_row_kind(point, at));
        for (size_t f = 1; f < point->column_count; f++)
            dr_table_set_number(table, row, 1 + f, dr_table_number(point, at, f));
    }
}

static dr_status copy_to(const char *path, const dr_table *table, const char *metadata)
{
    dr_duck duck = {0};
    char *file = dr_duck_quote(path), *text = dr_duck_quote(metadata);
    dr_status status = file && text ? dr_duck_open(&duck, NULL, false) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_append_table(&duck, "part", table);
    if (status == DR_OK)
        status = dr_duck_run(&duck,
                             "COPY part TO %s (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, "
                             "KV_METADATA {%s: %s})",
                             file, entry, text);
    dr_duck_close(&duck);
    free(file);
    free(text);
    return status;
}

dr_status dr_part_write_table(const char *path, const dr_table *table, const char *metadata)
{
    dr_output output;
    DR_TRY(dr_output_open(&output, path));
    dr_status status = DR_OK;
    if (!output.part)
        status = dr_fail(DR_BAD_INPUT, "%s: expected the name of a file for the part of a run", path);
    else
        status = dr_output_at(&output, copy_to(output.part, table, metadata));
    return dr_output_close(&output, status);
}

dr_status dr_part_write(const char *path, const dr_model_draws *draws, json_t *of, size_t part)
{
    dr_table *table = NULL;
    char *metadata = print_metadata(&draws->run, of, part);
    dr_status status = metadata ? dr_draws_each(&table, draws) : dr_fail_memory();
    if (status == DR_OK) {
        add_point(table, draws->run.point);
        status = dr_table_done(table);
    }
    if (status == DR_OK)
        status = dr_table_kinds_to_column(table);
    if (status == DR_OK)
        status = dr_part_write_table(path, table, metadata);
    dr_table_free(table);
    free(metadata);
    return status;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static dr_status ask(char **text, double *rows, const char *path)
{
    dr_duck duck = {0};
    dr_cursor cursor = {0};
    bool more = false;
    size_t size = 0;
    char *file = dr_duck_path(path);
    dr_status status = file ? dr_duck_open(&duck, NULL, false) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_cursor_open(&cursor, &duck,
                                "SELECT coalesce((SELECT decode(value) FROM parquet_kv_metadata(%s) WHERE decode(key) "
                                "= '%s'), ''), (SELECT num_rows::DOUBLE FROM parquet_file_metadata(%s))",
                                file, entry, file);
    if (status == DR_OK)
        status = dr_cursor_next(&cursor, &more);
    if (status == DR_OK && more) {
        const char *bytes = dr_cursor_bytes(&cursor, 0, &size);
        *rows = dr_cursor_number(&cursor, 1);
        *text = strndup(bytes, size);
        status = *text ? DR_OK : dr_fail_memory();
    }
    dr_cursor_close(&cursor);
    dr_duck_close(&duck);
    free(file);
    return status;
}

/* Of draws `count` and one at the estimates, each with so many rows; else so many rows in all. */
static bool is_whole(const json_t *of, double rows)
{
    if (json_object_get(json_object_get(of, "run"), "kind"))
        return rows == (double)json_integer_value(json_object_get(of, "rows"));
    double draws = (double)json_integer_value(json_object_get(of, "count"));
    return json_is_object(json_object_get(of, "run")) && json_is_object(json_object_get(of, "table")) &&
           rows == (draws + 1) * (double)json_integer_value(json_object_get(of, "rows"));
}

dr_status dr_part_look(bool *there, const char *path, const json_t *run, size_t part)
{
    json_t *found = NULL;
    char words[DR_PART_WORDS_SIZE];
    DR_TRY(dr_part_read(&found, path));
    *there = found != NULL;
    if (!found)
        return DR_OK;
    dr_status status = DR_OK;
    size_t number = (size_t)json_integer_value(json_object_get(found, "part"));
    if (dr_part_differs(words, json_object_get(found, "run"), run))
        status = dr_fail(DR_BAD_INPUT, "%s: is a part of another run: %s; expected a new name, or the same run", path,
                         words);
    else if (number != part)
        status = dr_fail(DR_BAD_INPUT, "%s: is part %zu of the run, and not part %zu; expected a file for each part",
                         path, number, part);
    json_decref(found);
    return status;
}

dr_status dr_part_read(json_t **out, const char *path)
{
    struct stat about;
    char *text = NULL;
    double rows = 0;
    if (stat(path, &about) != 0)
        return errno == ENOENT ? DR_OK : dr_fail(DR_BAD_INPUT, "%s: %s", path, strerror(errno));
    if (S_ISREG(about.st_mode) && about.st_size == 0)
        return DR_OK;
    if (!dr_file_has(path, 0, "PAR1", 4))
        return dr_fail(DR_BAD_INPUT, "%s: is no part of a run; expected a file that --part has written", path);
    dr_status status = ask(&text, &rows, path);
    if (status == DR_BAD_INPUT) /* it begins as such a file does, and has no end */
        return DR_OK;
    if (status == DR_OK && !*text)
        status = dr_fail(DR_BAD_INPUT, "%s: is no part of a run; expected a file that --part has written", path);
    json_t *of = status == DR_OK ? json_loads(text, 0, NULL) : NULL;
    free(text);
    if (of && is_whole(of, rows))
        *out = of;
    else
        json_decref(of);
    return status;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

static void add_facts_and_notes(dr_table *point, const json_t *of)
{
    size_t i;
    const json_t *item;
    json_array_foreach(json_object_get(of, "facts"), i, item)
    {
        const char *name = json_string_value(json_array_get(item, 0));
        const json_t *value = json_array_get(item, 1);
        if (json_is_string(value))
            dr_table_add_fact_text(point, name ? name : "", json_string_value(value));
        else
            dr_table_add_fact(point, name ? name : "", json_is_number(value) ? json_number_value(value) : NAN);
    }
    json_array_foreach(json_object_get(of, "says"), i, item)
    {
        const char *sentence = json_string_value(item);
        dr_table_say(point, "%s", sentence ? sentence : "");
    }
    json_array_foreach(json_object_get(of, "notes"), i, item)
    {
        const char *note = json_string_value(item);
        dr_table_add_note(point, "%s", note ? note : "");
    }
}

static const char *text_of(const json_t *of, const char *key)
{
    const char *text = json_string_value(json_object_get(of, key));
    return text ? text : "";
}

/* Headings and descriptions of the table's own (dr_table_word). */
static void word_columns(dr_table *table, const json_t *words)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const json_t *both = json_array_get(words, i);
        const char *heading = json_string_value(json_array_get(both, 0));
        const char *description = json_string_value(json_array_get(both, 1));
        if (heading && description)
            dr_table_word(table, table->columns[i].name, heading, description);
    }
}

void dr_part_describe_as(dr_table *table, const json_t *of)
{
    double last = (double)dr_table_columns(table) - 1;
    dr_table_set_title(table, "%s", text_of(of, "title"));
    dr_table_set_unit(table, text_of(of, "unit"));
    add_facts_and_notes(table, of);
    word_columns(table, json_object_get(of, "words"));
    table->rank = (int)fmin(last, (double)json_integer_value(json_object_get(of, "rank")));
}

void dr_part_add_provenance(dr_table *table, const json_t *run, size_t parts)
{
    static const char *const names[] = {"version", "world", "model", "scenario"};
    char fact[64];
    dr_table_add_fact(table, "parts.count", (double)parts);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(fact, sizeof fact, "parts.%s%s", names[i], i ? "_sha256" : "");
        dr_table_add_fact_text(table, fact, text_of(run, names[i]));
    }
}
