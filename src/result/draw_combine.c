/* A run from its parts: tables under each other (part_table.h), or the bands of a run of draws. Draws are added in
 * their order, as they are in one run, so that quantiles are the same numbers; memory does not grow with them. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/print.h"
#include "base/rows.h"
#include "result/part_file.h"
#include "result/part_table.h"

typedef struct parts {
    dr_part *part;
    size_t count, capacity, expected;
    const json_t *run; /* of the first */
    dr_draw_options options;
} parts;

static void parts_free(parts *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->part[i].path);
        json_decref(p->part[i].of);
    }
    free(p->part);
}

/* ---- The files --------------------------------------------------------------------------------------------------- */

static dr_status add_path(parts *p, const char *folder, const char *name)
{
    char *path = NULL;
    bool slash = *folder && folder[strlen(folder) - 1] == '/';
    if (asprintf(&path, "%s%s%s", folder, !name || slash ? "" : "/", name ? name : "") < 0)
        return dr_fail_memory();
    if (!dr_grow((void **)&p->part, &p->capacity, p->count + 1, sizeof *p->part)) {
        free(path);
        return dr_fail_memory();
    }
    p->part[p->count++] = (dr_part){.path = path};
    return DR_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const dr_part *)a)->path, ((const dr_part *)b)->path);
}

/* The files of a folder whose names end with .parquet, those that begin with a dot left out. */
static dr_status add_folder(parts *p, const char *folder)
{
    static const char ending[] = ".parquet";
    size_t before = p->count;
    dr_status status = DR_OK;
    DIR *open = opendir(folder);
    if (!open)
        return dr_fail(DR_BAD_INPUT, "%s: cannot be read as a folder", folder);
    for (const struct dirent *entry; status == DR_OK && (entry = readdir(open));) {
        size_t size = strlen(entry->d_name), length = sizeof ending - 1;
        if (entry->d_name[0] != '.' && size > length && strcmp(entry->d_name + size - length, ending) == 0)
            status = add_path(p, folder, entry->d_name);
    }
    closedir(open);
    if (status == DR_OK && p->count == before)
        return dr_fail(DR_BAD_INPUT, "%s: there is no file of a part here; expected names that end with %s", folder,
                       ending);
    qsort(p->part + before, p->count - before, sizeof *p->part, by_path);
    return status;
}

static dr_status add_paths(parts *p, const char *const *paths, size_t count)
{
    struct stat about;
    if (count == 0)
        return dr_fail(DR_BAD_INPUT, "no file of a part was given");
    for (size_t i = 0; i < count; i++) {
        bool folder = stat(paths[i], &about) == 0 && S_ISDIR(about.st_mode);
        DR_TRY(folder ? add_folder(p, paths[i]) : add_path(p, paths[i], NULL));
    }
    return DR_OK;
}

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

static double run_number(const json_t *run, const char *key)
{
    const char *text = json_string_value(json_object_get(run, key));
    return text ? dr_number_read(text, NULL) : NAN;
}

static dr_status read_part(parts *p, dr_part *of)
{
    char words[DR_PART_WORDS_SIZE];
    DR_TRY(dr_part_read(&of->of, of->path));
    if (!of->of)
        return dr_fail(DR_BAD_INPUT, "%s: %s; make this part again", of->path,
                       access(of->path, F_OK) == 0 ? "is damaged: its rows are not all there"
                                                   : "there is no such file");
    const json_t *run = json_object_get(of->of, "run");
    const char *version = json_string_value(json_object_get(run, "version"));
    if (!version || strcmp(version, DR_VERSION) != 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: was made by version %.40s of derisk, and this is %s; make all parts and "
                       "combine them with one version",
                       of->path, version ? version : "unknown", DR_VERSION);
    if (!p->run)
        p->run = run;
    if (dr_part_differs(words, run, p->run))
        return dr_fail(DR_BAD_INPUT, "%s: is of another run than %s: %s", of->path, p->part[0].path, words);
    of->number = (size_t)json_integer_value(json_object_get(of->of, "part"));
    return DR_OK;
}

static int by_number(const void *a, const void *b)
{
    size_t x = ((const dr_part *)a)->number, y = ((const dr_part *)b)->number;
    return (x > y) - (x < y);
}

/* Names the parts that are missing: a few of them, and how many more there are. */
static dr_status fail_missing(const parts *p)
{
    enum { FEW = 5 };
    char list[160] = "";
    size_t missing = 0, used = 0;
    for (size_t number = 1, at = 0; number <= p->expected; number++) {
        if (at < p->count && p->part[at].number == number) {
            at++;
            continue;
        }
        if (missing++ < FEW)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%zu", missing == 1 ? "" : ", ", number);
    }
    if (missing > FEW)
        snprintf(list + used, sizeof list - used, " and %zu more", missing - FEW);
    return dr_fail(DR_BAD_INPUT, "of %zu parts %zu %s missing: %s", p->expected, missing, missing == 1 ? "is" : "are",
                   list);
}

static dr_status check_parts(parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        DR_TRY(read_part(p, &p->part[i]));
    p->expected = (size_t)run_number(p->run, "parts");
    if (!json_object_get(p->run, "kind"))
        p->options = (dr_draw_options){.draws = (size_t)run_number(p->run, "draws"),
                                       .seed = strtoull(json_string_value(json_object_get(p->run, "seed")), NULL, 10),
                                       .elasticity_error = run_number(p->run, "elasticity_error"),
                                       .share_error = run_number(p->run, "share_error")};
    qsort(p->part, p->count, sizeof *p->part, by_number);
    for (size_t i = 1; i < p->count; i++)
        if (p->part[i].number == p->part[i - 1].number)
            return dr_fail(DR_BAD_INPUT, "%s: is part %zu, and so is %s", p->part[i].path, p->part[i].number,
                           p->part[i - 1].path);
    return p->count == p->expected ? DR_OK : fail_missing(p);
}

/* ---- The results at the estimates -------------------------------------------------------------------------------- */

static const char *text_of(const json_t *of, const char *key)
{
    const char *text = json_string_value(json_object_get(of, key));
    return text ? text : "";
}

/* Columns of a part: draw, those of the table of regions, failure and maybe kind. */
static dr_status begin_point(dr_table **out, const dr_names *columns, const json_t *of)
{
    const json_t *shows = json_object_get(of, "shows");
    size_t count = json_array_size(shows);
    if (count < 2 || columns->count < count + 2)
        return dr_fail(DR_BAD_INPUT, "its columns are not those of a part");
    dr_column_spec *specs = dr_new(count, sizeof *specs);
    if (!specs)
        return dr_fail_memory();
    for (size_t c = 0; c < count; c++) {
        json_int_t show = json_integer_value(json_array_get(shows, c));
        bool text = c == 0, known = show >= DR_SHOW_COUNT && show <= DR_SHOW_NUMBER;
        specs[c] = (dr_column_spec){columns->names[1 + c], text    ? DR_SHOW_TEXT
                                                           : known ? (dr_show)show
                                                                   : DR_SHOW_NUMBER};
    }
    dr_status status = dr_table_new(out, specs, count);
    free(specs);
    if (status == DR_OK) {
        dr_part_describe_as(*out, of);
    }
    return status;
}

static dr_status fill_point(dr_table *point, dr_cursor *cursor)
{
    dr_arena arena = {0};
    bool more = false;
    dr_status status = DR_OK;
    size_t kind = cursor->columns - 1;
    while ((status = dr_cursor_next(cursor, &more)) == DR_OK && more) {
        size_t row = dr_table_add_row(point);
        const char *region = dr_cursor_text(cursor, 1, &arena), *word = dr_cursor_text(cursor, kind, &arena);
        dr_table_set_text(point, row, 0, region ? region : "");
        for (size_t c = 1; c < point->column_count; c++)
            dr_table_set_number(point, row, c, dr_cursor_number(cursor, 1 + c));
        for (dr_row_kind k = DR_ROW_GROUP; k <= DR_ROW_TOTAL; k++)
            if (word && strcmp(word, dr_row_kind_word(k)) == 0)
                dr_table_set_kind(point, row, k);
    }
    dr_arena_free(&arena);
    return status;
}

static dr_status name_regions(dr_table *point, const json_t *names)
{
    size_t rows = dr_table_rows(point);
    dr_code *codes = dr_new(rows, sizeof *codes);
    if (!codes)
        return dr_fail_memory();
    for (size_t row = 0; row < rows; row++) {
        const char *name = json_string_value(json_array_get(names, row));
        codes[row] = (dr_code){.code = dr_table_text(point, row, 0), .name = name ? name : ""};
    }
    point->columns[0].spelling = dr_table_spelling(point, codes, rows);
    free(codes);
    return dr_table_done(point);
}

static dr_status read_point(dr_draw_run *run, const dr_duck *duck, const dr_part *of)
{
    dr_names columns = {0};
    dr_cursor cursor = {0};
    char *file = dr_duck_path(of->path);
    dr_status status = file ? dr_cursor_names(&columns, duck,
                                              "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(%s))", file)
                            : dr_fail_memory();
    if (status == DR_OK)
        status = begin_point(&run->point, &columns, json_object_get(of->of, "table"));
    if (status == DR_OK)
        status = dr_cursor_open(&cursor, duck, "SELECT * FROM read_parquet(%s) WHERE draw = 0", file);
    if (status == DR_OK)
        status = fill_point(run->point, &cursor);
    dr_cursor_close(&cursor);
    dr_names_free(&columns);
    free(file);
    if (status != DR_OK)
        return status;
    DR_TRY(name_regions(run->point, json_object_get(json_object_get(of->of, "table"), "names")));
    return dr_draw_run_begin(run);
}

/* ---- Draws ------------------------------------------------------------------------------------------------------- */

/* Adds the draws of a part; `figures` has room for one. The first draws of the run are settled before the others. */
static dr_status add_draws(dr_draw_run *run, dr_cursor *cursor, size_t first, size_t count, double *figures)
{
    bool more = true;
    for (size_t draw = first; draw < first + count; draw++) {
        size_t size = 0;
        bool failed = false;
        for (size_t row = 0; row < run->point->rows; row++) {
            DR_TRY(dr_cursor_next(cursor, &more));
            if (!more || dr_cursor_index(cursor, 0) != (long)draw + 1)
                return dr_fail(DR_BAD_INPUT, "draw %zu is not where it should be; make this part again", draw + 1);
            for (size_t f = 0; f < run->column_count; f++)
                figures[row * run->column_count + f] = dr_cursor_number(cursor, 2 + f);
            dr_cursor_bytes(cursor, 2 + run->column_count, &size);
            failed = size > 0;
        }
        if (draw == DR_BANDS_KEPT && !dr_bands_settle(run->bands))
            return DR_NO_SOLUTION;
        if (!failed)
            dr_bands_add(run->bands, draw, figures);
    }
    return DR_OK;
}

static dr_status read_draws(dr_draw_run *run, const dr_duck *duck, const dr_part *of, double *figures)
{
    dr_cursor cursor = {0};
    size_t first = (size_t)json_integer_value(json_object_get(of->of, "first"));
    size_t count = (size_t)json_integer_value(json_object_get(of->of, "count"));
    char *file = dr_duck_path(of->path);
    dr_status status =
        file ? dr_cursor_open(&cursor, duck, "SELECT * FROM read_parquet(%s) WHERE draw > 0", file) : dr_fail_memory();
    if (status == DR_OK)
        status = add_draws(run, &cursor, first, count, figures);
    dr_cursor_close(&cursor);
    free(file);
    return status == DR_BAD_INPUT ? dr_fail_at(status, of->path) : status;
}

/* The certificate with the largest residual, of several the one of the earliest draw, as in one run. */
static void add_certificate(dr_draw_run *run, const json_t *of)
{
    const json_t *worst = json_object_get(of, "worst"), *failure = json_object_get(of, "failure");
    double residual = json_number_value(json_object_get(worst, "residual"));
    size_t failed = (size_t)json_integer_value(json_object_get(of, "failed"));
    if (residual > run->residual) {
        run->residual = residual;
        snprintf(run->equation, sizeof run->equation, "%s", text_of(worst, "equation"));
    }
    run->sweeps += json_number_value(json_object_get(of, "sweeps"));
    run->seconds += json_number_value(json_object_get(of, "seconds"));
    if (failed && !run->failed) {
        run->failure.piece = (size_t)json_integer_value(json_object_get(failure, "draw"));
        snprintf(run->failure.line, sizeof run->failure.line, "%s", text_of(failure, "line"));
    }
    run->failed += failed;
}

static dr_status read_all(dr_draw_run *run, const parts *p, const dr_duck *duck)
{
    DR_TRY(read_point(run, duck, &p->part[0]));
    DR_TRY(dr_bands_new(&run->bands, run->figures, run->draws));
    double *figures = dr_new(run->figures, sizeof *figures);
    dr_status status = figures ? DR_OK : dr_fail_memory();
    for (size_t i = 0; i < p->count && status == DR_OK; i++) {
        add_certificate(run, p->part[i].of);
        status = read_draws(run, duck, &p->part[i], figures);
    }
    free(figures);
    size_t draws = run->draws;
    if (status == DR_NO_SOLUTION || (status == DR_OK && draws <= DR_BANDS_KEPT && !dr_bands_settle(run->bands)))
        return dr_fail(DR_NO_SOLUTION, "none of the first %zu draws has an equilibrium; draw 1: %s",
                       draws < DR_BANDS_KEPT ? draws : DR_BANDS_KEPT, run->failure.line);
    return status;
}

static dr_status combine(dr_table **out, const parts *p)
{
    dr_draw_run run = {.draws = p->options.draws, .seed = p->options.seed};
    dr_table *table = NULL;
    dr_duck duck = {0};
    dr_status status = dr_duck_open(&duck, NULL, false);
    if (status == DR_OK)
        status = read_all(&run, p, &duck);
    if (status == DR_OK)
        status = dr_draws_bands(&table, &run, &p->options);
    if (status == DR_OK) {
        dr_part_add_provenance(table, p->run, p->count);
        status = dr_table_finish(out, table, DR_OK);
    }
    dr_duck_close(&duck);
    dr_table_free(run.point);
    dr_draw_run_free(&run);
    return status;
}

dr_status dr_draw_combine(dr_table **out, const char *const *paths, size_t count)
{
    DR_TRY(DR_GIVEN(out, paths));
    DR_TRY(DR_TEXTS(__func__, paths, count));
    parts p = {0};
    dr_status status = add_paths(&p, paths, count);
    if (status == DR_OK)
        status = check_parts(&p);
    if (status == DR_OK)
        status = json_object_get(p.run, "kind") ? dr_part_tables_combine(out, p.part, p.count) : combine(out, &p);
    parts_free(&p);
    return status;
}
