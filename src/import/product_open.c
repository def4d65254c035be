#include "import/product_open.h"

#include <stdio.h>
#include <string.h>

#include "base/column.h"
#include "base/relation.h"
#include "base/stream.h"

static bool has_roles(const dr_names *columns, const dr_product_format *format)
{
    for (size_t i = 0; i < format->count; i++)
        if (*format->roles[i].names != '?' && dr_column_find(columns, format->roles[i].names) < 0)
            return false;
    return true;
}

/* A file of another year by its name. */
static bool is_of_other_year(const char *path, int year)
{
    int of = 0;
    return year > 0 && dr_import_year(path, &of) == DR_OK && of != year;
}

static dr_status take_flows(dr_product_paths *out, const char *path, int year, bool named)
{
    if (!named && is_of_other_year(path, year)) {
        out->others++;
        return DR_OK;
    }
    return dr_names_add(&out->flows, path) >= 0 ? DR_OK : dr_fail_memory();
}

/* Binary data, documents and other tables are left out, unless they were asked for: then the reader says what is wrong
 * with them. */
static dr_status take_file(dr_product_paths *out, const dr_product_format *format, const char *path, int year,
                           bool named)
{
    dr_relation relation;
    dr_status status = dr_relation_columns(&relation, path, NULL);
    dr_names_kind kind = status == DR_OK ? dr_product_names_is(&relation.columns) : DR_NAMES_OF_NONE;
    bool fits = status == DR_OK && has_roles(&relation.columns, format);
    dr_relation_free(&relation);
    if (status == DR_MACHINE)
        return status;
    if (kind != DR_NAMES_OF_NONE)
        return dr_names_add(&out->beside, path) >= 0 ? DR_OK : dr_fail_memory();
    if (fits || named)
        return take_flows(out, path, year, named);
    if (out->left_out++ == 0)
        snprintf(out->example, sizeof out->example, "%.240s", path);
    return DR_OK;
}

static dr_status take_path(dr_product_paths *out, const dr_product_format *format, const char *path, int year)
{
    dr_names files = {0};
    size_t before = out->flows.count + out->beside.count + out->others;
    dr_status status = dr_files_list(&files, path);
    bool named = files.count == 1 && strcmp(files.names[0], path) == 0;
    for (size_t i = 0; i < files.count && status == DR_OK; i++)
        status = take_file(out, format, files.names[i], year, named);
    if (status == DR_OK && out->flows.count + out->beside.count + out->others == before)
        status =
            dr_fail(DR_BAD_INPUT, "%s: none of its %zu files has the columns of %s", path, files.count, format->name);
    dr_names_free(&files);
    return status;
}

dr_status dr_product_paths_find(dr_product_paths *out, const dr_product_format *format, const char *const *paths,
                                size_t count, int year)
{
    for (size_t i = 0; i < count; i++)
        DR_TRY(take_path(out, format, paths[i], year));
    if (out->flows.count > 0)
        return DR_OK;
    if (out->others > 0)
        return dr_fail(DR_BAD_INPUT, "%s: no file in it is of the year %d", paths[0], year);
    return dr_fail(DR_BAD_INPUT, "%s: holds names, and no product flows; give those as well", paths[0]);
}

void dr_product_paths_free(dr_product_paths *paths)
{
    dr_names_free(&paths->flows);
    dr_names_free(&paths->beside);
    *paths = (dr_product_paths){0};
}
