/* Inter-country input-output tables into a world, whatever reads them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/stream.h"
#include "import/damaged.h"
#include "import/digests.h"
#include "import/kinds.h"
#include "import/world_size.h"

/* The import of one or several files. */
typedef struct job {
    dr_import_job import; /* its writer is NULL before the first sound file */
    bool created;         /* by this import: its regions are new */
    int *years;
    const dr_finds *tables;
    size_t file; /* the one at work */
    const char *path;
} job;

static void tell(double done, void *user)
{
    const job *j = user;
    if (j->import.options->progress)
        j->import.options->progress(j->path, 100 * j->file + (size_t)(100 * done), 100 * j->tables->paths.count,
                                    j->import.options->user);
}

/* ---- Where the cells of a file stand in the world ---- */

typedef struct places {
    double **rows;
    size_t *columns;
    double *output, *value_added;
} places;

static void free_places(places *p)
{
    free(p->rows);
    free(p->columns);
    free(p->output);
    free(p->value_added);
}

static size_t find(const dr_names *labels, const char *region, const char *rest)
{
    char label[512];
    snprintf(label, sizeof label, "%s_%s", region, rest);
    return (size_t)dr_names_find(labels, label);
}

/* The total of a row: as the file says, else the sum of its cells. */
static double output_of(const dr_icio_file *file, const double *cells)
{
    double sum = 0;
    if (file->output_column != DR_NO_COLUMN)
        return cells[file->output_column];
    for (size_t i = 0; i < file->columns.count; i++)
        sum += cells[i];
    return sum;
}

static dr_status place(places *p, const dr_icio_file *file, const dr_layout *layout)
{
    size_t regions = layout->regions.count, sectors = layout->sectors.count, uses = layout->uses.count;
    size_t industries = regions * sectors;
    p->rows = dr_new(industries, sizeof *p->rows);
    p->columns = dr_new(industries + regions * uses, sizeof *p->columns);
    p->output = dr_new_doubles(industries);
    p->value_added = dr_new_doubles(industries);
    if (!p->rows || !p->columns || !p->output || !p->value_added)
        return dr_fail_memory();
    for (size_t i = 0; i < industries; i++) {
        const char *region = layout->regions.names[i / sectors], *sector = layout->sectors.names[i % sectors];
        size_t column = find(&file->columns, region, sector);
        p->columns[i] = column;
        p->rows[i] = file->rows[find(&file->labels, region, sector)];
        p->output[i] = output_of(file, p->rows[i]);
        p->value_added[i] = file->value_added[column] + (file->taxes ? file->taxes[column] : 0);
    }
    for (size_t i = 0; i < regions * uses; i++)
        p->columns[industries + i] =
            find(&file->columns, layout->regions.names[i / uses], layout->uses.names[i % uses]);
    return DR_OK;
}

/* ---- One file ---- */

/* The world is opened with the first file that is sound, and a new one gets that file's regions, sectors and uses. */
static dr_status settle_layout(job *j, dr_layout *layout)
{
    bool first = !j->import.writer;
    if (first)
        DR_TRY(dr_writer_open(&j->import.writer, j->import.to));
    if (j->import.writer->layout.regions.count > 0) {
        dr_status status = dr_layout_same(&j->import.writer->layout, layout);
        if (status != DR_OK)
            return dr_fail_at(status, j->path);
        return first ? dr_import_rename(j->import.report, j->import.writer, j->import.options) : DR_OK;
    }
    DR_TRY(dr_import_names(layout, j->path, j->import.options));
    j->created = true;
    return dr_writer_create(j->import.writer, layout);
}

static dr_status match_layout(job *j, const dr_icio_file *file)
{
    dr_layout layout = {0};
    dr_status status = dr_icio_file_layout(file, &layout);
    if (status == DR_OK)
        status = settle_layout(j, &layout);
    dr_layout_free(&layout);
    return status;
}

/* Whether a table is one of the world: it has the rest of it. */
static bool is_of_world(const dr_layout *layout)
{
    for (size_t i = 0; i < layout->regions.count; i++)
        if (strncmp(layout->region_parts[i], "ROW", 3) == 0)
            return true;
    return false;
}

/* A table that is larger than the world's is damaged or in another unit, and is refused; one that is smaller may be a
 * model's, and is reported. */
static dr_status check_size(job *j, int year, const char *unit, const places *p)
{
    const dr_layout *layout = &j->import.writer->layout;
    double value_added = 0;
    bool too_large = false, too_small = false;
    char text[DR_SIZE_TEXT];
    for (size_t i = 0; i < layout->regions.count * layout->sectors.count; i++)
        value_added += p->value_added[i];
    DR_TRY(dr_world_size(&too_large, &too_small, text, value_added, unit, year, is_of_world(layout)));
    if (too_large && !j->import.options->force)
        return dr_fail(DR_BAD_INPUT,
                       "%s: %s; give the unit in a CSV for --source, or take the table as it is with --force", j->path,
                       text);
    if (too_large || too_small)
        dr_import_find(j->import.report, year, "unit", "", "kept as it is; check the unit", "%s", text);
    return DR_OK;
}

static dr_status check_unit(job *j, int year, const char *unit, const dr_icio_file *file, const places *p)
{
    if (!j->import.source.unit && file->says_unit)
        dr_import_find(j->import.report, year, "unit", "", "nothing", "%s, as the file says", unit);
    else if (!j->import.source.unit && file->edition.unit)
        dr_import_find(j->import.report, year, "unit", "", "nothing", "%s, as all tables of this edition", unit);
    else if (!j->import.source.unit)
        dr_import_find(j->import.report, year, "unit", "",
                       "assumed; another one is given in the column 'unit' of a CSV for --source",
                       "the file does not state it: %s", unit);
    return check_size(j, year, unit, p);
}

static dr_status store(job *j, const dr_icio_file *file, const places *p, int year)
{
    dr_icio table = {year, p->rows, p->columns, p->output, p->value_added};
    bool replaced = false;
    const char *unit = j->import.source.unit ? j->import.source.unit
                       : file->edition.unit  ? file->edition.unit
                                             : dr_million_dollars /* assumed */;
    size_t first = dr_table_rows(j->import.report);
    DR_TRY(dr_icio_check(j->import.report, &table, file, &j->import.writer->layout, j->import.options->strict,
                         j->import.options->tolerance));
    if (file->edition.unit)
        dr_import_find(j->import.report, year, "edition", "", "read as such", "%s%s", file->edition.name,
                       file->has_parts ? "; the parts of China and Mexico are added up" : "");
    for (size_t i = 0; i < file->remark_count; i++)
        dr_import_find(j->import.report, year, file->remarks[i].subject, "", file->remarks[i].done, "%s",
                       file->remarks[i].found);
    DR_TRY(check_unit(j, year, unit, file, p));
    DR_TRY(dr_writer_year(j->import.writer, year, unit, &replaced));
    if (replaced)
        dr_table_set_text(j->import.report, first, DR_FINDING_DONE,
                          "imported, replacing the world's earlier data of this year");
    return dr_writer_icio(j->import.writer, &table);
}

/* Reads the table at hand, whose year may be in it. */
static dr_status read_table(job *j, dr_icio_file *file)
{
    int found = 0, *year = &j->years[j->file];
    dr_table_wish wish = {j->path, j->import.options->year, tell, j};
    DR_TRY(j->tables->kinds[j->file]->read(file, &wish, &found));
    if (file->sources.count == 0 && !j->import.options->force)
        DR_TRY(dr_damaged_check(j->path, file->edition.name ? file->edition.name : "", found ? found : *year,
                                dr_damaged_files, dr_damaged_count));
    if (found && *year && found != *year)
        return dr_fail(DR_BAD_INPUT, "%s: a table of %d by its name, and of %d inside", j->path, *year, found);
    if (found)
        *year = found;
    return DR_OK;
}

/* Records one of the files that the table was read from, in an archive the archive. */
static dr_status write_source(job *j, dr_digests *digests, const dr_names *files, size_t file, dr_names *disks)
{
    const char *inside = NULL, *path = files->names[file];
    const size_t before = disks->count;
    char *disk = dr_stream_disk(path, &inside);
    dr_status status = !disk || dr_names_add(disks, disk) < 0 ? dr_fail_memory() : DR_OK;
    dr_import_source source = j->import.source;
    source.sha256 = dr_digests_of(digests, file); /* NULL: taken now, or an error */
    if (status == DR_OK && disks->count > before)
        status = dr_import_source_write(j->import.writer, &source, inside && strcmp(path, j->path) != 0 ? disk : path,
                                        j->years[j->file]);
    free(disk);
    return status;
}

static dr_status write_sources(job *j, dr_digests *digests, const dr_names *files)
{
    dr_names disks = {0};
    dr_status status = DR_OK;
    for (size_t i = 0; i < files->count && status == DR_OK; i++)
        status = write_source(j, digests, files, i, &disks);
    dr_names_free(&disks);
    return status;
}

static dr_status write_table(job *j, const dr_icio_file *file)
{
    places p = {0};
    dr_status status = match_layout(j, file);
    if (status == DR_OK)
        status = place(&p, file, &j->import.writer->layout);
    if (status == DR_OK)
        status = store(j, file, &p, j->years[j->file]);
    free_places(&p);
    return status;
}

/* Writes the table while another thread takes the digests of its files: the database writes with little more than
 * one. */
static dr_status keep_table(job *j, dr_icio_file *file)
{
    dr_digests digests = {0};
    if (file->sources.count == 0 && dr_names_add(&file->sources, j->path) < 0)
        return dr_fail_memory();
    dr_status status = dr_digests_start(&digests, (const char *const *)file->sources.names, file->sources.count);
    if (status == DR_OK)
        status = write_table(j, file);
    if (status == DR_OK)
        status = write_sources(j, &digests, &file->sources);
    dr_digests_free(&digests);
    return status;
}

static dr_status import_file(job *j)
{
    dr_icio_file file = {0};
    dr_status status = read_table(j, &file);
    if (status == DR_OK)
        status = keep_table(j, &file);
    dr_icio_file_free(&file);
    return status;
}

/* ---- All of them ---- */

/* The year of a table by its name; 0 where it has none and the table itself says it. */
static dr_status find_year(const char *path, const dr_kind *kind, int *year)
{
    dr_status status = dr_import_year(path, year);
    if (status == DR_OK || !kind->says_year)
        return status;
    *year = 0;
    return DR_OK;
}

static dr_status find_years(const job *j)
{
    const dr_names *paths = &j->tables->paths;
    int given = j->import.options->year, *years = j->years;
    if (given && paths->count > 1)
        return dr_fail(DR_USAGE, "one year (%d) was given for %zu files", given, paths->count);
    for (size_t i = 0; i < paths->count; i++) {
        if (given)
            years[i] = given;
        else
            DR_TRY(find_year(paths->names[i], j->tables->kinds[i], &years[i]));
        for (size_t k = 0; k < i; k++)
            if (years[k] && years[k] == years[i])
                return dr_fail(DR_BAD_INPUT, "%s: is of the year %d, as is %s; choose one by its path", paths->names[i],
                               years[i], paths->names[k]);
    }
    return DR_OK;
}

static dr_status import_files(job *j)
{
    DR_TRY(find_years(j));
    for (j->file = 0; j->file < j->tables->paths.count; j->file++) {
        j->path = j->tables->paths.names[j->file];
        DR_TRY(import_file(j));
    }
    if (j->created)
        DR_TRY(dr_import_labels(j->import.report, &j->import.writer->layout));
    DR_TRY(dr_table_done(j->import.report));
    return dr_writer_findings(j->import.writer, j->import.report);
}

dr_status dr_import_finds(dr_table **report, const dr_finds *tables, const char *to, const dr_import_options *options)
{
    int *years = dr_new(tables->paths.count, sizeof *years);
    if (!years)
        return dr_fail_memory();
    job j = {.years = years, .tables = tables};
    dr_status status = dr_import_begin(&j.import, to, options);
    if (status == DR_OK)
        status = import_files(&j);
    free(years);
    return dr_import_end(&j.import, status, report);
}
