#include "import/wiot_list.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/print.h"
#include "base/rdata.h"

/* The parts of a table; the last is optional. */
enum { COUNTRIES, INDUSTRIES, INTERMEDIATE, FINAL, OUTPUT, YEAR, PARTS };
static const char *const names[PARTS] = {"countries", "industries", "inter", "final", "output", "year"};

/* Of the release; c40 and c36 are no final use. */
static const char *const uses[] = {"c37", "c38", "c39", "c41", "c42"};
enum { USES = sizeof uses / sizeof *uses, LONGEST_CODE = 40 };

typedef struct parts {
    const char *path;
    dr_r_data data;
    const dr_r_vector *part[PARTS];
    size_t industries; /* countries x industries: rows */
    size_t columns;    /* of a row, output last */
} parts;

static const char *name_of(const dr_r_vector *v)
{
    return *v->name ? v->name : v->table;
}

/* A name up to the digits at its end: "inter" of inter00. */
static size_t stem(const char *name)
{
    size_t size = strlen(name);
    while (size > 0 && isdigit((unsigned char)name[size - 1]))
        size--;
    return size;
}

/* Finds the parts; false: the file is something else. */
static bool find_parts(parts *p)
{
    bool all = true;
    for (size_t k = 0; k < PARTS; k++) {
        for (size_t i = 0; i < p->data.count && !p->part[k]; i++) {
            const char *name = name_of(&p->data.vectors[i]);
            if (stem(name) == strlen(names[k]) && strncmp(name, names[k], strlen(names[k])) == 0)
                p->part[k] = &p->data.vectors[i];
        }
        all = all && (p->part[k] || k == YEAR);
    }
    return all;
}

dr_status dr_wiot_list_is(bool *is, const char *path)
{
    parts p = {.path = path};
    dr_status status = dr_r_data_read(&p.data, path);
    *is = status == DR_OK && find_parts(&p);
    dr_r_data_free(&p.data);
    return status;
}

/* ---- The year ---- */

/* As a number of the file, or the two or four digits behind the name of the inputs. */
static int find_year(const parts *p)
{
    const dr_r_vector *year = p->part[YEAR];
    const char *name = name_of(p->part[INTERMEDIATE]), *digits = name + stem(name);
    double found = 0;
    if (year && year->count == 1)
        found = year->numbers ? year->numbers[0] : dr_number_read(year->texts[0], NULL);
    else if (strlen(digits) == 4)
        found = dr_number_read(digits, NULL);
    else if (strlen(digits) == 2) /* the release is of 1995 to 2011 */
        found = dr_number_read(digits, NULL) + (*digits == '9' ? 1900 : 2000);
    return found >= 1900 && found <= 2099 ? (int)found : 0;
}

/* ---- Shapes ---- */

static dr_status check_codes(const parts *p, size_t which)
{
    const dr_r_vector *v = p->part[which];
    if (!v->texts || v->count == 0)
        return dr_fail(DR_BAD_INPUT, "%s: '%s' has no codes; expected a vector of texts", p->path, name_of(v));
    for (size_t i = 0; i < v->count; i++) {
        const char *code = v->texts[i];
        bool sound = *code && strlen(code) <= LONGEST_CODE && dr_utf8(code);
        if (!sound || (which == COUNTRIES && strchr(code, '_')))
            return dr_fail(DR_BAD_INPUT, "%s: '%s', element %zu: expected a code of 1 to %d bytes, not '%.40s'",
                           p->path, name_of(v), i + 1, LONGEST_CODE, code);
    }
    return DR_OK;
}

static dr_status check_matrix(const parts *p, size_t which, size_t columns)
{
    const dr_r_vector *v = p->part[which];
    if (!v->numbers || v->rows != p->industries || v->columns != columns)
        return dr_fail(DR_BAD_INPUT, "%s: '%s' is not a matrix of numbers of %zu x %zu: %zu countries, %zu industries",
                       p->path, name_of(v), p->industries, columns, p->part[COUNTRIES]->count,
                       p->part[INDUSTRIES]->count);
    for (size_t i = 0; i < v->count; i++)
        if (!isfinite(v->numbers[i]))
            return dr_fail(DR_BAD_INPUT, "%s: '%s', row %zu, column %zu: not a finite number", p->path, name_of(v),
                           i % v->rows + 1, i / v->rows + 1);
    return DR_OK;
}

static dr_status check_output(const parts *p)
{
    const dr_r_vector *v = p->part[OUTPUT];
    if (!v->numbers || v->count != p->industries)
        return dr_fail(DR_BAD_INPUT,
                       "%s: '%s' has %zu elements; expected one number for each of %zu countries and "
                       "industries",
                       p->path, name_of(v), v->count, p->industries);
    for (size_t i = 0; i < v->count; i++)
        if (!isfinite(v->numbers[i]))
            return dr_fail(DR_BAD_INPUT, "%s: '%s', element %zu: not a finite number", p->path, name_of(v), i + 1);
    return DR_OK;
}

static dr_status check_parts(parts *p)
{
    DR_TRY(check_codes(p, COUNTRIES));
    DR_TRY(check_codes(p, INDUSTRIES));
    size_t countries = p->part[COUNTRIES]->count;
    p->industries = countries * p->part[INDUSTRIES]->count;
    p->columns = p->industries + countries * USES + 1;
    DR_TRY(check_matrix(p, INTERMEDIATE, p->industries));
    DR_TRY(check_matrix(p, FINAL, countries * USES));
    DR_TRY(check_output(p));
    return dr_icio_file_check_memory(p->path, p->columns);
}

/* ---- The table ---- */

static dr_status add_columns(dr_icio_file *file, const parts *p, const char *const *codes, size_t count)
{
    const dr_r_vector *countries = p->part[COUNTRIES];
    for (size_t i = 0; i < countries->count * count; i++) {
        const char *region = countries->texts[i / count], *code = codes[i % count];
        const char *label = dr_arena_format(&file->arena, "%s_%s", region, code);
        size_t before = file->columns.count;
        if (!label || dr_names_add(&file->columns, label) < 0)
            return dr_fail_memory();
        if (file->columns.count == before)
            return dr_fail(DR_BAD_INPUT, "%s: '%s' of '%s' appears twice", p->path, code, region);
    }
    return DR_OK;
}

static dr_status add_rows(dr_icio_file *file, const parts *p)
{
    size_t rows = p->industries, final = p->part[FINAL]->columns;
    for (size_t i = 0; i < rows; i++) {
        double *cells = NULL;
        DR_TRY(dr_icio_file_add_row(file, file->columns.names[i], p->columns, &cells));
        for (size_t k = 0; k < rows; k++)
            cells[k] = p->part[INTERMEDIATE]->numbers[k * rows + i];
        for (size_t k = 0; k < final; k++)
            cells[rows + k] = p->part[FINAL]->numbers[k * rows + i];
        cells[file->output_column] = p->part[OUTPUT]->numbers[i];
    }
    return DR_OK;
}

/* What industries pay beside inputs: output less the sum of their column. */
static dr_status derive_value_added(dr_icio_file *file, const parts *p)
{
    file->value_added = dr_new_doubles(p->columns);
    if (!file->value_added)
        return dr_fail_memory();
    for (size_t k = 0; k < p->industries; k++) {
        const double *inputs = p->part[INTERMEDIATE]->numbers + k * p->industries;
        double sum = 0;
        for (size_t i = 0; i < p->industries; i++)
            sum += inputs[i];
        file->value_added[k] = p->part[OUTPUT]->numbers[k] - sum;
    }
    return dr_icio_file_remark(file, "value added", "taken as output less inputs, with taxes and margins",
                               "the file has none");
}

static dr_status fill(dr_icio_file *file, parts *p)
{
    if (!find_parts(p))
        return dr_fail(DR_BAD_INPUT, "%s: no table of WIOD: expected countries, industries, inter, final and output",
                       p->path);
    DR_TRY(check_parts(p));
    DR_TRY(add_columns(file, p, p->part[INDUSTRIES]->texts, p->part[INDUSTRIES]->count));
    DR_TRY(add_columns(file, p, uses, USES));
    int output = dr_names_add(&file->columns, "OUT");
    if (output < 0)
        return dr_fail_memory();
    file->output_column = (size_t)output;
    file->edition = (dr_icio_edition){"WIOD, release of 2013", dr_million_dollars};
    DR_TRY(add_rows(file, p));
    return derive_value_added(file, p);
}

dr_status dr_wiot_list_read(dr_icio_file *file, const dr_table_wish *wish, int *found)
{
    parts p = {.path = wish->path};
    file->path = wish->path;
    *found = 0;
    dr_status status = dr_r_data_read(&p.data, wish->path);
    if (status == DR_OK && wish->progress)
        wish->progress(0.5, wish->user);
    if (status == DR_OK)
        status = fill(file, &p);
    if (status == DR_OK)
        *found = find_year(&p);
    dr_r_data_free(&p.data);
    return status;
}
