#include "import/exiobase_files.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/stream.h"
#include "import/parts_table.h"

typedef struct reading {
    dr_icio_file *file;
    dr_names files;   /* of the folder */
    size_t at;        /* column of the unit in the list of units at hand */
    const char *unit; /* of all cells, as the files write it; NULL: they do not */
    dr_names money;   /* accounts in that unit, of the folder at hand */
    double *factor;   /* that turns accounts into flows, by column; NULL: they are flows */
} reading;

/* ---- Files ---- */

static bool is_ending(const char *text)
{
    return strcasecmp(text, ".txt") == 0 || strcasecmp(text, ".csv") == 0 || strcasecmp(text, ".parquet") == 0;
}

/* A file below a folder by its name without its ending: "Z", "satellite/F". */
static const char *find_file(const reading *r, const char *folder, const char *name)
{
    size_t length = strlen(folder), size = strlen(name);
    while (length > 0 && folder[length - 1] == '/')
        length--;
    for (size_t i = 0; i < r->files.count; i++) {
        const char *path = r->files.names[i], *end = strncmp(path, folder, length) == 0 ? path + length : "";
        if (*end == '/' && strncmp(end + 1, name, size) == 0 && is_ending(end + 1 + size))
            return path;
    }
    return NULL;
}

/* A file by a pattern of its name. */
static const char *find_pattern(const reading *r, const char *pattern)
{
    for (size_t i = 0; i < r->files.count; i++) {
        const char *slash = strrchr(r->files.names[i], '/');
        if (fnmatch(pattern, slash ? slash + 1 : r->files.names[i], FNM_CASEFOLD) == 0)
            return r->files.names[i];
    }
    return NULL;
}

/* ---- Units ---- */

/* Whether the row is the header of a list of units, in which the column of the unit is the last, in Parquet the
 * first. */
static bool is_header(reading *r, const dr_matrix *m, const char *const *texts, size_t count)
{
    if (m->line == 1)
        r->at = count - 1;
    for (size_t i = 0; m->line == 1 && i < count; i++)
        if (strcasecmp(texts[i], "unit") == 0)
            r->at = i;
    return m->line == 1 || count < 2 || r->at >= count;
}

static dr_status settle_unit(reading *r, const dr_matrix *m, const char *unit)
{
    if (r->unit && strcmp(r->unit, unit) != 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s:%zu: the unit '%s', where others are in '%s': a table in mixed units is not "
                       "read; take the monetary table",
                       m->path, m->line, unit, r->unit);
    if (!r->unit && !(r->unit = dr_arena_text(&r->file->arena, unit)))
        return dr_fail_memory();
    return DR_OK;
}

static dr_status take_unit(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    return is_header(r, m, texts, count) ? DR_OK : settle_unit(r, m, texts[r->at]);
}

static dr_status take_money(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    reading *r = user;
    if (is_header(r, m, texts, count) || !r->unit || strcmp(texts[r->at], r->unit) != 0)
        return DR_OK;
    return dr_names_add(&r->money, texts[r->at == 0 ? 1 : 0]) >= 0 ? DR_OK : dr_fail_memory();
}

static dr_status set_edition(reading *r, const char *name)
{
    r->file->edition = (dr_icio_edition){.name = name};
    if (!r->unit)
        return DR_OK;
    r->file->edition.unit = dr_parts_unit(r->file, r->unit);
    r->file->says_unit = true;
    return r->file->edition.unit ? DR_OK : dr_fail_memory();
}

/* ---- Value added ---- */

static dr_status take_account(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    dr_icio_file *file = r->file;
    bool taxes = strncasecmp(labels[0], "Taxes less subsidies on products", 32) == 0;
    if (dr_names_find(&r->money, labels[0]) < 0)
        return DR_OK;
    return dr_parts_add(file, m, 1, cells, r->factor, taxes ? &file->taxes : &file->value_added);
}

/* The accounts of one folder. */
static dr_status read_accounts(reading *r, const char *flows, const char *units, size_t row_levels)
{
    dr_matrix_taker taker = {NULL, take_account, r};
    if (!flows || !units)
        return DR_OK;
    dr_names_free(&r->money);
    DR_TRY(dr_texts_read(units, take_money, r));
    if (r->money.count == 0)
        return DR_OK;
    DR_TRY(dr_matrix_read(flows, row_levels, 2, &taker));
    return dr_names_add(&r->file->sources, flows) >= 0 ? DR_OK : dr_fail_memory();
}

/* The number of labels of an account, as the header of its list of units says. */
static dr_status take_levels(void *user, const dr_matrix *m, const char *const *texts, size_t count)
{
    size_t *levels = user;
    (void)texts;
    if (m->line == 1 && count > 1)
        *levels = count - 1;
    return DR_OK;
}

static dr_status read_folder(reading *r, const char *folder)
{
    const char *flows = find_file(r, folder, "F"), *units = find_file(r, folder, "unit");
    size_t levels = 1;
    if (!flows || !units)
        return DR_OK;
    DR_TRY(dr_texts_read(units, take_levels, &levels));
    return read_accounts(r, flows, units, levels);
}

static dr_status read_value_added(reading *r, const char *folder)
{
    static const char *const first[] = {"factor_inputs", "satellite"};
    char path[4096];
    for (size_t i = 0; i < 2 && !r->file->value_added; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, first[i]);
        DR_TRY(read_folder(r, path));
    }
    for (size_t i = 0; i < r->files.count && !r->file->value_added; i++) {
        const char *slash = strrchr(r->files.names[i], '/');
        snprintf(path, sizeof path, "%.*s", (int)(slash ? slash - r->files.names[i] : 0), r->files.names[i]);
        if (slash && strncasecmp(slash, "/unit.", 6) == 0 && strlen(path) > strlen(folder))
            DR_TRY(read_folder(r, path));
    }
    return r->file->value_added ? DR_OK : dr_parts_derive_value_added(r->file);
}

/* ---- EXIOBASE 3, pymrio ---- */

/* EXIOBASE alone has the rests of continents. */
static const char *edition_of(const dr_icio_file *file)
{
    static const char *const rests[][2] = {{"WA", "WE"}, {"WWA", "WWE"}};
    bool is = false;
    for (size_t i = 0; i < 2; i++)
        is = is || (dr_names_find(&file->regions, rests[i][0]) >= 0 && dr_names_find(&file->regions, rests[i][1]) >= 0);
    if (!is)
        return "a table in the layout of pymrio";
    return strstr(file->path, "pxp")   ? "EXIOBASE 3, product by product"
           : strstr(file->path, "ixi") ? "EXIOBASE 3, industry by industry"
                                       : "EXIOBASE 3";
}

static dr_status read_new(reading *r, const dr_table_wish *wish)
{
    const char *folder = wish->path, *units = find_file(r, folder, "unit");
    dr_table_parts parts = {find_file(r, folder, "Z"),
                            find_file(r, folder, "A"),
                            find_file(r, folder, "Y"),
                            find_file(r, folder, "x"),
                            2,
                            2,
                            1};
    if (!parts.y || (!parts.z && !parts.a))
        return dr_fail(DR_BAD_INPUT, "%s: expected the files Y and Z or A, with the ending .txt, .csv or .parquet",
                       folder);
    if (units)
        DR_TRY(dr_texts_read(units, take_unit, r));
    DR_TRY(dr_parts_read(r->file, &parts, wish));
    DR_TRY(read_value_added(r, folder));
    return set_edition(r, edition_of(r->file));
}

/* Reads the table of a folder. */
static dr_status read_folder_of(dr_icio_file *file, const dr_table_wish *wish,
                                dr_status read(reading *, const dr_table_wish *))
{
    reading r = {.file = file};
    file->path = wish->path;
    dr_status status = dr_files_list(&r.files, wish->path);
    if (status == DR_OK)
        status = read(&r, wish);
    dr_names_free(&r.files);
    dr_names_free(&r.money);
    return status;
}

dr_status dr_exiobase_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    *found = 0;
    return read_folder_of(file, wish, read_new);
}

/* ---- EXIOBASE 1 and 2 ---- */

/* Their rows have a third label, the unit: "M.EUR" in final use, whose files have no names of levels. */
static dr_status take_old_unit(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    (void)cells;
    return settle_unit(user, m, labels[2]);
}

static dr_status take_factor(void *user, const dr_matrix *m, const char *const *labels, const double *cells)
{
    reading *r = user;
    DR_TRY(dr_names_add(&r->money, labels[0]) >= 0 ? DR_OK : dr_fail_memory());
    return take_account(r, m, labels, cells);
}

static dr_status read_old(reading *r, const dr_table_wish *wish)
{
    const char *factors = find_pattern(r, "mrFactorInputs*.txt");
    dr_table_parts parts = {NULL, find_pattern(r, "mrIot*.txt"), find_pattern(r, "mrFinalDemand*.txt"), NULL, 3, 2, 1};
    dr_matrix_taker units = {NULL, take_old_unit, r}, taker = {NULL, take_factor, r};
    if (!parts.y || !parts.a)
        return dr_fail(DR_BAD_INPUT, "%s: expected the files mrIot and mrFinalDemand", wish->path);
    DR_TRY(dr_matrix_read(parts.y, 3, 2, &units));
    DR_TRY(dr_parts_read(r->file, &parts, wish));
    if (!factors)
        DR_TRY(dr_parts_derive_value_added(r->file));
    if (factors && !(r->factor = dr_parts_outputs(r->file))) /* inputs are coefficients too */
        return dr_fail_memory();
    if (factors)
        DR_TRY(dr_matrix_read(factors, 2, 2, &taker));
    if (factors && dr_names_add(&r->file->sources, factors) < 0)
        return dr_fail_memory();
    return set_edition(r, "EXIOBASE 1 or 2");
}

dr_status dr_exiobase_old_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    reading r = {.file = file};
    const char *slash = strrchr(wish->path, '/');
    char *folder = slash ? strndup(wish->path, (size_t)(slash - wish->path)) : strdup(".");
    *found = 0;
    file->path = wish->path;
    dr_status status = folder ? dr_files_list(&r.files, folder) : dr_fail_memory();
    if (status == DR_OK)
        status = read_old(&r, wish);
    free(folder);
    free(r.factor);
    dr_names_free(&r.files);
    dr_names_free(&r.money);
    return status;
}
