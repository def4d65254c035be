/* dr_import: any files that derisk reads, recognised by their content, in folders and archives too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/memory.h"
#include "base/stream.h"
#include "import/import.h"
#include "import/recognise.h"

/* What was given, opened up. */
typedef struct found {
    const char *word;  /* the layout that all files have; NULL: any */
    dr_finds tables;   /* of one layout */
    size_t left_out;   /* files of folders and archives that are no tables */
    char example[512]; /* the first of these, and what it looks like */
    bool chosen;       /* of several years one */
} found;

static dr_status take_table(found *f, const char *path, const dr_kind *kind)
{
    const dr_finds *t = &f->tables;
    if (t->paths.count > 0 && strcmp(kind->word, t->kinds[0]->word) != 0)
        return dr_fail(DR_BAD_INPUT, "%s: %s, where %s is %s: they go into the world by two commands", path, kind->name,
                       t->paths.names[0], t->kinds[0]->name);
    return dr_finds_add(&f->tables, path, kind);
}

/* A file that was named must be a table; beside tables in folders and archives there are others. */
static dr_status take_file(found *f, const char *path, bool named)
{
    char looks[DR_LOOKS_SIZE] = "";
    const dr_kind *kind = NULL;
    DR_TRY(dr_recognise(&kind, path, f->word, looks));
    if (!kind && named && f->word)
        kind = dr_kind_usual(f->word); /* its reader says what is wrong */
    if (kind)
        return take_table(f, path, kind);
    if (named)
        return dr_fail(DR_BAD_INPUT, "%s: not a table that derisk reads; it looks like %s", path, looks);
    if (f->left_out++ == 0)
        snprintf(f->example, sizeof f->example, "%.200s (%.280s)", path, looks);
    return DR_OK;
}

/* Tables that are several files, then single files. */
static dr_status take_files(found *f, const dr_names *files, bool named)
{
    dr_finds bundles = {0};
    bool *taken = dr_new(files->count, sizeof *taken);
    dr_status status = taken ? dr_recognise_bundles(&bundles, files, taken, f->word) : dr_fail_memory();
    for (size_t i = 0; i < bundles.paths.count && status == DR_OK; i++)
        status = take_table(f, bundles.paths.names[i], bundles.kinds[i]);
    for (size_t i = 0; i < files->count && status == DR_OK; i++)
        if (!taken[i])
            status = take_file(f, files->names[i], named);
    dr_finds_free(&bundles);
    free(taken);
    return status;
}

/* The table of several files that a file which was named belongs to; *there: whether there is one. */
static dr_status take_bundle_of(found *f, const char *file, bool *there)
{
    const char *slash = strrchr(file, '/');
    char *folder = slash ? strndup(file, (size_t)(slash - file) + (slash == file)) : strdup(".");
    dr_names files = {0};
    dr_finds bundles = {0};
    bool *taken = NULL;
    dr_status status = folder ? dr_files_list(&files, folder) : dr_fail_memory();
    if (status == DR_OK && !(taken = dr_new(files.count, sizeof *taken)))
        status = dr_fail_memory();
    if (status == DR_OK)
        status = dr_recognise_bundles(&bundles, &files, taken, f->word);
    for (size_t i = 0; i < bundles.paths.count && status == DR_OK && !*there; i++) {
        const char *path = bundles.paths.names[i];
        *there = bundles.kinds[i]->is_folder ? strcmp(path, folder) == 0
                                             : strcmp(slash ? path : path + 2 /* "./" */, file) == 0;
        if (*there)
            status = take_table(f, path, bundles.kinds[i]);
    }
    dr_finds_free(&bundles);
    dr_names_free(&files);
    free(taken);
    free(folder);
    return status;
}

static dr_status take_named(found *f, const char *file)
{
    bool there = false;
    if (dr_recognise_member(file, f->word))
        DR_TRY(take_bundle_of(f, file, &there));
    return there ? DR_OK : take_file(f, file, true);
}

/* The files of a layout are its, whatever they look like. */
static dr_status take_path(found *f, const char *path)
{
    dr_names files = {0};
    const dr_kind *only = f->word ? dr_kind_only(f->word) : NULL;
    if (only)
        return take_table(f, path, only);
    size_t before = f->tables.paths.count;
    DR_TRY(dr_files_list(&files, path));
    bool named = files.count == 1 && strcmp(files.names[0], path) == 0;
    dr_status status = named ? take_named(f, path) : take_files(f, &files, false);
    if (status == DR_OK && f->tables.paths.count == before)
        status = dr_fail(DR_BAD_INPUT, "%s: none of its %zu files is a table that derisk reads%s%s", path, files.count,
                         f->left_out ? "; the first is " : "", f->left_out ? f->example : "");
    dr_names_free(&files);
    return status;
}

/* Of several years, the one that is asked for. */
static dr_status choose_year(found *f, int year)
{
    dr_finds chosen = {0};
    const dr_finds *all = &f->tables;
    dr_status status = DR_OK;
    if (year == 0 || all->paths.count < 2 || all->kinds[0]->other_years)
        return DR_OK;
    for (size_t i = 0; i < all->paths.count && status == DR_OK; i++) {
        int of = 0;
        bool unsaid = dr_import_year(all->paths.names[i], &of) != DR_OK; /* the file may say it */
        if (unsaid || of == year)
            status = dr_finds_add(&chosen, all->paths.names[i], all->kinds[i]);
    }
    if (status == DR_OK && chosen.paths.count == 0)
        status = dr_fail(DR_BAD_INPUT, "none of the %zu tables is of the year %d; the first is %s", all->paths.count,
                         year, all->paths.names[0]);
    dr_finds_free(status == DR_OK ? &f->tables : &chosen);
    if (status == DR_OK)
        f->tables = chosen;
    f->chosen = true;
    return status;
}

/* Some are read from files of their own. */
static dr_status check_on_disk(const found *f)
{
    const dr_names *paths = &f->tables.paths;
    for (size_t i = 0; i < paths->count; i++) {
        const char *inside = NULL;
        char *disk = dr_stream_disk(paths->names[i], &inside);
        bool is_inside = disk && inside && f->tables.kinds[i]->on_disk;
        free(disk);
        if (is_inside)
            return dr_fail(DR_BAD_INPUT, "%s: %s are read from files of their own: unpack the archive first",
                           paths->names[i], f->tables.kinds[i]->name);
    }
    return DR_OK;
}

/* An option that does not concern the files would be forgotten without a word. */
static dr_status check_options(const dr_kind *kind, const dr_import_options *options)
{
    const struct {
        unsigned flag;
        const char *name;
        bool given;
    } all[] = {{DR_TAKES_YEAR, "year", options->year != 0},
               {DR_TAKES_NAMES, "sectors", options->sectors != NULL},
               {DR_TAKES_NAMES, "regions", options->regions != NULL},
               {DR_TAKES_NAMES, "force", options->force},
               {DR_TAKES_NAMES, "tolerance", options->tolerance != 0},
               {DR_TAKES_CLASSIFICATION, "classification", options->classification != NULL},
               {DR_TAKES_CONCORDANCE, "concordance", options->concordance != NULL},
               {DR_TAKES_WEIGHTS, "weights", options->weights != DR_WEIGHTS_USUAL}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].given && !(kind->takes & all[i].flag))
            return dr_fail(DR_USAGE, "the option '%s' does not apply to %s", all[i].name, kind->name);
    return DR_OK;
}

static dr_status import_found(dr_table **report, const found *f, const char *to, dr_import_options *options)
{
    const dr_kind *kind = f->tables.kinds[0];
    if (f->chosen && !(kind->takes & DR_TAKES_YEAR))
        options->year = 0; /* it chose among the files */
    DR_TRY(check_options(kind, options));
    if (kind->read)
        return dr_import_finds(report, &f->tables, to, options);
    DR_TRY(check_on_disk(f));
    return kind->import(report, (const char *const *)f->tables.paths.names, f->tables.paths.count, to, options);
}

static dr_status check_layout(const char *word)
{
    char hint[DR_HINT_SIZE];
    const char *words[32];
    size_t count = 0;
    for (const char *at = word ? dr_import_layout(0) : NULL; at && count < 32; at = dr_import_layout(count)) {
        if (strcmp(at, word) == 0)
            return DR_OK;
        words[count++] = at;
    }
    return word ? dr_fail(DR_USAGE, "there is no layout '%s'%s", word, dr_hint(hint, word, words, count)) : DR_OK;
}

static dr_status find_tables(found *f, const char *const *files, size_t count, int year)
{
    for (size_t i = 0; i < count; i++)
        DR_TRY(take_path(f, files[i]));
    return choose_year(f, year);
}

static dr_status import_files(const char *function, dr_table **report, const char *const *files, size_t count,
                              const char *to, dr_import_options *options)
{
    dr_table *made = NULL;
    DR_TRY(DR_GIVEN_TO(function, to));
    DR_TRY(DR_WITHIN(function, options->year, 0, 9999));
    DR_TRY(DR_WITHIN(function, options->tolerance, 0, 1));
    DR_TRY(DR_ONE_OF(function, options->weights, DR_WEIGHTS_REFERENCE));
    DR_TRY(DR_TEXTS(function, files, count));
    DR_TRY(check_layout(options->layout));
    found f = {.word = options->layout};
    if (count == 0)
        return dr_fail(DR_USAGE, "no file to import was given");
    dr_status status = find_tables(&f, files, count, options->year);
    if (status == DR_OK)
        status = import_found(&made, &f, to, options);
    if (status == DR_OK && f.left_out)
        dr_table_add_note(made, "files beside the tables that were left out: %zu; the first is %s", f.left_out,
                          f.example);
    dr_finds_free(&f.tables);
    if (status == DR_OK && report)
        *report = made;
    else
        dr_table_free(made);
    return status;
}

dr_status dr_import(dr_table **report, const char *const *files, size_t count, const char *to,
                    const dr_import_options *options)
{
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    return import_files(__func__, report, files, count, to, &whole);
}

dr_status dr_import_icio(dr_table **report, const char *const *files, size_t count, const char *to,
                         const dr_import_options *options)
{
    dr_import_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    whole.layout = "icio";
    return import_files(__func__, report, files, count, to, &whole);
}
