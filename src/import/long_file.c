#include "import/long_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/csv.h"
#include "base/portable.h"

static const char *const file_names[DR_LONG_FILES] = {"flows",       "inputs",  "final",
                                                      "value_added", "deficit", "trade_elasticity"};

/* ---- The files ---- */

/* *path stays NULL where the folder has no such file. */
static dr_status find_file(char **path, const char *folder, const char *name)
{
    static const char *const endings[] = {"csv", "csv.gz", "parquet"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct stat about;
        char *at = NULL;
        if (asprintf(&at, "%s/%s.%s", folder, name, endings[i]) < 0)
            return dr_fail_memory();
        bool is = stat(at, &about) == 0;
        if (is && *path) {
            dr_status status =
                dr_fail(DR_BAD_INPUT, "%s: exists beside %s.%s; expected one of them", *path, name, endings[i]);
            free(at);
            return status;
        }
        if (is)
            *path = at;
        else
            free(at);
    }
    return DR_OK;
}

static dr_status find_files(dr_long_files *files, const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))
        return dr_fail(DR_BAD_INPUT, "%s: no such folder; expected one with flows.csv and other tables", folder);
    for (size_t i = 0; i < DR_LONG_FILES; i++)
        DR_TRY(find_file(&files->paths[i], folder, file_names[i]));
    files->flows_only = !files->paths[DR_LONG_INPUTS] && !files->paths[DR_LONG_FINAL];
    for (size_t i = 0; i <= DR_LONG_VALUE_ADDED; i++) {
        bool needed = i == DR_LONG_FLOWS || !files->flows_only;
        if (!files->paths[i] && needed)
            return dr_fail(DR_BAD_INPUT, "%s: the folder has no file %s.csv, %s.csv.gz or %s.parquet", folder,
                           file_names[i], file_names[i], file_names[i]);
    }
    return DR_OK;
}

/* ---- Years, regions and sectors ---- */

/* The year that a column is named by; 0: it is not. */
static int year_named(const char *name)
{
    int year = 0;
    for (size_t i = 0; i < 4; i++) {
        if (name[i] < '0' || name[i] > '9')
            return 0;
        year = 10 * year + name[i] - '0';
    }
    return name[4] ? 0 : year;
}

static int earlier_first(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The columns of the header, just read, that are named by years. A duplicate year is an error of the header
 * once its column is looked for. */
static dr_status take_years(dr_long_files *files, const dr_csv *csv)
{
    size_t capacity = 0;
    for (size_t column = 0; column < dr_csv_fields(csv); column++) {
        int year = year_named(dr_csv_field(csv, column));
        if (year == 0)
            continue;
        if (!dr_grow((void **)&files->years, &capacity, files->year_count + 1, sizeof *files->years))
            return dr_fail_memory();
        files->years[files->year_count++] = year;
    }
    if (files->year_count)
        qsort(files->years, files->year_count, sizeof *files->years, earlier_first);
    return DR_OK;
}

enum { LONGEST_CODE = 120 };

static dr_status take_code(dr_names *codes, const dr_csv *csv, int column)
{
    const char *code = dr_csv_field(csv, (size_t)column);
    if (dr_names_find(codes, code) >= 0)
        return DR_OK;
    if (!*code || strlen(code) > LONGEST_CODE || !dr_utf8(code))
        return dr_csv_fail(csv, column, "expected a name of 1 to %d bytes of UTF-8", LONGEST_CODE);
    return dr_names_add(codes, code) >= 0 ? DR_OK : dr_fail_memory();
}

/* Every region sells, at least to itself, so the exporters are all regions. */
static dr_status take_codes(dr_long_files *files, dr_csv *csv)
{
    static const char *const names[] = {"exporter", "sector", "?value"};
    dr_layout *layout = &files->layout;
    int columns[3];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, 3, columns));
    if (columns[2] < 0)
        DR_TRY(take_years(files, csv));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(take_code(&layout->regions, csv, columns[0]));
        DR_TRY(take_code(&layout->sectors, csv, columns[1]));
    }
    if (layout->regions.count == 0)
        return dr_csv_fail(csv, -1, "no rows after the header");
    return DR_OK;
}

/* The factors of value added, if its table has such a column, in the order of their first rows. */
static dr_status take_factors(dr_names *factors, dr_csv *csv)
{
    static const char *const names[] = {"?factor"};
    int column = -1;
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, 1, &column));
    while (column >= 0) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(take_code(factors, csv, column));
    }
    return DR_OK;
}

static dr_status read_factors(dr_long_files *files)
{
    dr_csv *csv = NULL;
    if (!files->paths[DR_LONG_VALUE_ADDED])
        return DR_OK;
    DR_TRY(dr_csv_open(&csv, files->paths[DR_LONG_VALUE_ADDED]));
    dr_status status = take_factors(&files->factors, csv);
    dr_csv_close(csv);
    return status;
}

static dr_status read_layout(dr_long_files *files)
{
    dr_csv *csv = NULL;
    files->layout.is_long = true;
    DR_TRY(dr_csv_open(&csv, files->paths[DR_LONG_FLOWS]));
    dr_status status = take_codes(files, csv);
    dr_csv_close(csv);
    return status;
}

/* ---- Numbers ---- */

enum { MOST_KEYS = 3 };

/* A table whose rows give `count` names and a number: its place in an array over `keys`. */
typedef struct grid {
    const char *path;
    size_t count, regions;              /* of the keys, the first `regions` are regions, the others sectors */
    const char *columns[MOST_KEYS + 2]; /* the keys', the value's, and '?tariff' or NULL */
    const dr_names *keys[MOST_KEYS];
    double *values;
    double **tariffs; /* made if there is such a column */
    bool complete;    /* no place may be left without a row */
    double least;     /* numbers are above it */
} grid;

static size_t grid_size(const grid *g)
{
    size_t size = 1;
    for (size_t i = 0; i < g->count; i++)
        size *= g->keys[i]->count;
    return size;
}

static dr_status find_cell(const grid *g, const dr_csv *csv, const int *columns, size_t *cell)
{
    *cell = 0;
    for (size_t i = 0; i < g->count; i++) {
        const char *name = dr_csv_field(csv, (size_t)columns[i]);
        int index = dr_names_find(g->keys[i], name);
        char hint[DR_HINT_SIZE];
        if (index < 0)
            return dr_csv_fail(csv, columns[i], "the %s '%.60s' is not among the %s of the flows%s", g->columns[i],
                               name, i < g->regions ? "exporters" : "sectors",
                               dr_hint(hint, name, (const char *const *)g->keys[i]->names, g->keys[i]->count));
        *cell = *cell * g->keys[i]->count + (size_t)index;
    }
    return DR_OK;
}

static dr_status take_number(const dr_csv *csv, int column, double least, double *out)
{
    DR_TRY(dr_csv_number(csv, (size_t)column, out));
    if (*out <= least)
        return dr_csv_fail(csv, column, "%s; expected a number above %g", dr_csv_field(csv, (size_t)column), least);
    return DR_OK;
}

static dr_status take_row(const grid *g, const dr_csv *csv, const int *columns, unsigned char *seen)
{
    size_t cell = 0;
    DR_TRY(find_cell(g, csv, columns, &cell));
    if (seen[cell]++)
        return dr_csv_fail(csv, -1, "a second row for the same %s", g->count == 1 ? g->columns[0] : "names");
    DR_TRY(take_number(csv, columns[g->count], g->least, &g->values[cell]));
    if (g->tariffs && *g->tariffs)
        return take_number(csv, columns[g->count + 1], -1, &(*g->tariffs)[cell]);
    return DR_OK;
}

static dr_status check_complete(const grid *g, const unsigned char *seen)
{
    size_t size = g->complete ? grid_size(g) : 0;
    for (size_t i = 0; i < size; i++)
        if (!seen[i])
            return dr_fail(DR_BAD_INPUT, "%s: has no row for the %s '%s'", g->path, g->columns[0],
                           g->keys[0]->names[i]);
    return DR_OK;
}

static dr_status take_rows(const grid *g, dr_csv *csv, unsigned char *seen)
{
    int columns[MOST_KEYS + 2];
    bool more = false;
    DR_TRY(dr_csv_header(csv, g->columns, g->count + 1 + (g->tariffs != NULL), columns));
    if (g->tariffs && columns[g->count + 1] >= 0 && !(*g->tariffs = dr_new_doubles(grid_size(g))))
        return dr_fail_memory();
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return check_complete(g, seen);
        DR_TRY(take_row(g, csv, columns, seen));
    }
}

static dr_status read_grid(const grid *g)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, g->path));
    unsigned char *seen = dr_new(grid_size(g), 1);
    dr_status status = seen ? take_rows(g, csv, seen) : dr_fail_memory();
    free(seen);
    dr_csv_close(csv);
    return status;
}

static dr_status check_memory(const dr_long_files *files, size_t r, size_t s)
{
    double needed = 8.0 * (double)r * (double)s * (2.0 * (double)r + (double)s), there = dr_memory_available();
    if (needed > there)
        return dr_fail(DR_MACHINE, "%s: %zu regions and %zu sectors need %.1f GB of memory, %.1f GB are free",
                       files->paths[DR_LONG_FLOWS], r, s, needed / 1e9, there / 1e9);
    return DR_OK;
}

static void free_arrays(dr_long_files *files)
{
    double **arrays[] = {&files->flow,        &files->tariff,  &files->input,      &files->final,
                         &files->value_added, &files->deficit, &files->elasticity, &files->factor};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        free(*arrays[i]);
        *arrays[i] = NULL;
    }
}

static dr_status make_arrays(dr_long_files *files, size_t r, size_t s)
{
    free_arrays(files);
    double **arrays[DR_LONG_FILES] = {&files->flow,        &files->input,   &files->final,
                                      &files->value_added, &files->deficit, &files->elasticity};
    const size_t sizes[DR_LONG_FILES] = {r * r * s, r * s * s, r * s, r * s, r, s};
    for (size_t i = 0; i < DR_LONG_FILES; i++)
        if (files->paths[i] && !(*arrays[i] = dr_new_doubles(sizes[i])))
            return dr_fail_memory();
    if (files->factors.count && !(files->factor = dr_new_doubles(files->factors.count * r * s)))
        return dr_fail_memory();
    return DR_OK;
}

/* Value added by region, sector and factor, and its sum over factors. */
static dr_status read_factor_rows(dr_long_files *files, const dr_names *r, const dr_names *s, const char *value)
{
    size_t cells = r->count * s->count;
    const grid g = {.path = files->paths[DR_LONG_VALUE_ADDED],
                    .count = 3,
                    .regions = 2, /* a factor is always found */
                    .columns = {"factor", "region", "sector", value},
                    .keys = {&files->factors, r, s},
                    .values = files->factor,
                    .least = -INFINITY};
    DR_TRY(read_grid(&g));
    for (size_t i = 0; i < files->factors.count * cells; i++)
        files->value_added[i % cells] += files->factor[i];
    return DR_OK;
}

/* The table of each file; `value` is its column of numbers. */
static void list_grids(grid out[DR_LONG_FILES], dr_long_files *files, const dr_names *r, const dr_names *s,
                       const char *value)
{
    const grid grids[DR_LONG_FILES] = {
        {.count = 3,
         .regions = 2,
         .columns = {"importer", "exporter", "sector", value, "?tariff"},
         .keys = {r, r, s},
         .values = files->flow,
         .tariffs = &files->tariff},
        {.count = 3,
         .regions = 1,
         .columns = {"region", "input", "sector", value},
         .keys = {r, s, s},
         .values = files->input},
        {.count = 2, .regions = 1, .columns = {"region", "sector", value}, .keys = {r, s}, .values = files->final},
        {.count = 2,
         .regions = 1,
         .columns = {"region", "sector", value},
         .keys = {r, s},
         .values = files->value_added},
        {.count = 1,
         .regions = 1,
         .columns = {"region", "deficit"},
         .keys = {r},
         .values = files->deficit,
         .complete = true},
        {.count = 1,
         .columns = {"sector", "trade_elasticity"},
         .keys = {s},
         .values = files->elasticity,
         .complete = true},
    };
    memcpy(out, grids, sizeof grids);
}

dr_status dr_long_files_read(dr_long_files *files, const dr_layout *order, int year)
{
    const dr_names *r = &order->regions, *s = &order->sectors;
    grid grids[DR_LONG_FILES];
    char value[16] = "value";
    if (files->year_count)
        snprintf(value, sizeof value, "%04d", year);
    DR_TRY(check_memory(files, r->count, s->count));
    DR_TRY(make_arrays(files, r->count, s->count));
    list_grids(grids, files, r, s, value);
    for (size_t i = 0; i < DR_LONG_FILES; i++) {
        grid *g = &grids[i];
        g->path = files->paths[i];
        g->least = i == DR_LONG_ELASTICITY ? 0 : -INFINITY;
        if (i == DR_LONG_VALUE_ADDED && files->factor)
            DR_TRY(read_factor_rows(files, r, s, value));
        else if (g->path)
            DR_TRY(read_grid(g));
    }
    return DR_OK;
}

dr_status dr_long_files_open(dr_long_files *files, const char *folder)
{
    DR_TRY(find_files(files, folder));
    DR_TRY(read_layout(files));
    return read_factors(files);
}

void dr_long_files_free(dr_long_files *files)
{
    dr_names_free(&files->factors);
    for (size_t i = 0; i < DR_LONG_FILES; i++)
        free(files->paths[i]);
    free_arrays(files);
    free(files->years);
    dr_layout_free(&files->layout);
    *files = (dr_long_files){0};
}
