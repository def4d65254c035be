/* dr_import: any files that derisk reads, recognised by their content, in folders and archives too. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/memory.h"
#include "base/stream.h"
#include "import/import.h"
#include "import/recognise.h"

/* What was given, opened up. */
typedef struct found {
    dr_names files; /* tables of one format */
    dr_file_kind format;
    size_t left_out;   /* files of folders and archives that are no tables */
    char example[512]; /* the first of these, and what it looks like */
} found;

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The long format is a folder: one with a table of flows. */
static bool is_long(const char *path)
{
    char file[4096];
    struct stat about;
    static const char *const names[] = {"flows.csv", "flows.csv.gz"};
    for (size_t i = 0; i < 2 && is_folder(path); i++) {
        snprintf(file, sizeof file, "%s/%s", path, names[i]);
        if (stat(file, &about) == 0)
            return true;
    }
    return false;
}

static dr_status take_table(found *f, const char *path, dr_file_kind format)
{
    if (format == DR_FILE_FLAT || format == DR_FILE_FRAME || format == DR_FILE_SHEET) /* go the same way */
        format = DR_FILE_MATRIX;
    if (f->files.count > 0 && format != f->format)
        return dr_fail(DR_BAD_INPUT, "%s: %s, where %s is %s: they go into the world by two commands", path,
                       dr_file_kind_name(format), f->files.names[0], dr_file_kind_name(f->format));
    f->format = format;
    return dr_names_add(&f->files, path) >= 0 ? DR_OK : dr_fail_memory();
}

/* A file that was named must be a table; beside tables in folders and archives there are others. */
static dr_status take_file(found *f, const char *path, bool named)
{
    char looks[DR_LOOKS_SIZE] = "";
    dr_file_kind format = DR_FILE_UNKNOWN;
    DR_TRY(dr_recognise(&format, path, looks));
    if (format != DR_FILE_UNKNOWN)
        return take_table(f, path, format);
    if (named)
        return dr_fail(DR_BAD_INPUT, "%s: not a table that derisk reads; it looks like %s", path, looks);
    if (f->left_out++ == 0)
        snprintf(f->example, sizeof f->example, "%.200s (%.280s)", path, looks);
    return DR_OK;
}

static dr_status take_path(found *f, const char *path)
{
    dr_names files = {0};
    if (is_long(path))
        return take_table(f, path, DR_FILE_LONG);
    size_t before = f->files.count;
    dr_status status = dr_files_list(&files, path);
    bool named = files.count == 1 && strcmp(files.names[0], path) == 0;
    for (size_t i = 0; i < files.count && status == DR_OK; i++)
        status = take_file(f, files.names[i], named);
    if (status == DR_OK && f->files.count == before)
        status = dr_fail(DR_BAD_INPUT, "%s: none of its %zu files is a table that derisk reads%s%s", path, files.count,
                         f->left_out ? "; the first is " : "", f->left_out ? f->example : "");
    dr_names_free(&files);
    return status;
}

/* Of several years, the one that is asked for. */
static dr_status choose_year(found *f, int year)
{
    dr_names chosen = {0};
    dr_status status = DR_OK;
    if (year == 0 || f->files.count < 2)
        return DR_OK;
    for (size_t i = 0; i < f->files.count && status == DR_OK; i++) {
        int of = 0;
        bool unsaid = dr_import_year(f->files.names[i], &of) != DR_OK; /* the file may say it */
        if ((unsaid || of == year) && dr_names_add(&chosen, f->files.names[i]) < 0)
            status = dr_fail_memory();
    }
    if (status == DR_OK && chosen.count == 0)
        status = dr_fail(DR_BAD_INPUT, "none of the %zu tables is of the year %d; the first is %s", f->files.count,
                         year, f->files.names[0]);
    dr_names_free(status == DR_OK ? &f->files : &chosen);
    if (status == DR_OK)
        f->files = chosen;
    return status;
}

/* The database reads these files itself, and sees into no archive. */
static dr_status check_on_disk(const found *f)
{
    struct stat about;
    for (size_t i = 0; i < f->files.count; i++)
        if (stat(f->files.names[i], &about) != 0)
            return dr_fail(DR_BAD_INPUT, "%s: %s are read from files of their own: unpack the archive first",
                           f->files.names[i], dr_file_kind_name(f->format));
    return DR_OK;
}

static dr_status import_found(dr_table **report, const found *f, const char *to, const dr_import_options *options)
{
    const char *const *files = (const char *const *)f->files.names;
    size_t count = f->files.count;
    if (f->format == DR_FILE_MATRIX)
        return dr_import_icio(report, files, count, to, options);
    DR_TRY(check_on_disk(f));
    switch (f->format) {
    case DR_FILE_BACI:
        return dr_import_products(report, DR_BACI, files, count, to, options);
    case DR_FILE_COMTRADE:
        return dr_import_products(report, DR_COMTRADE, files, count, to, options);
    case DR_FILE_COMEXT:
        return dr_import_products(report, DR_COMEXT, files, count, to, options);
    case DR_FILE_ENERGY:
        return dr_import_energy(report, files, count, to, options);
    case DR_FILE_MATERIALS:
        return dr_import_materials(report, files, count, to, options);
    default:
        break;
    }
    if (count > 1)
        return dr_fail(DR_BAD_INPUT, "%s: the long format is one folder for each command", files[1]);
    if (!is_folder(files[0]))
        return dr_fail(DR_BAD_INPUT, "%s: a table of the long format: give the folder that holds it", files[0]);
    return dr_import_long(report, files[0], to, options);
}

dr_status dr_import(dr_table **report, const char *const *files, size_t count, const char *to,
                    const dr_import_options *options)
{
    found f = {0};
    dr_import_options whole;
    dr_table *made = NULL;
    DR_TRY(DR_GIVEN(to));
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_WITHIN(__func__, options->year, 0, 9999));
    DR_TRY(DR_TEXTS(__func__, files, count));
    dr_status status = count > 0 ? DR_OK : dr_fail(DR_USAGE, "no file to import was given");
    for (size_t i = 0; i < count && status == DR_OK; i++)
        status = take_path(&f, files[i]);
    if (status == DR_OK)
        status = choose_year(&f, options->year);
    if (status == DR_OK)
        status = import_found(&made, &f, to, options);
    if (status == DR_OK && f.left_out)
        dr_table_add_note(made, "files beside the tables that were left out: %zu; the first is %s", f.left_out,
                          f.example);
    dr_names_free(&f.files);
    if (status == DR_OK && report)
        *report = made;
    else
        dr_table_free(made);
    return status;
}
