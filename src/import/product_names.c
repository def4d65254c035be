#include "import/product_names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/column.h"

#include "import/product_files.h"

enum { CODE, NAME, COUNTRY, COUNTRY_NAME, ISO3, ROLES };

static const char *const roles[ROLES] = {
    [CODE] = "code",
    [NAME] = "description",
    [COUNTRY] = "country_code",
    [COUNTRY_NAME] = "country_name|country_name_full|country_name_abbreviation",
    [ISO3] = "country_iso3|iso_3digit_alpha",
};

dr_names_kind dr_product_names_is(const dr_names *columns)
{
    if (dr_column_find(columns, roles[COUNTRY]) >= 0 && dr_column_find(columns, roles[COUNTRY_NAME]) >= 0)
        return DR_NAMES_OF_ECONOMIES;
    if (columns->count == 2 && dr_column_find(columns, roles[CODE]) >= 0 && dr_column_find(columns, roles[NAME]) >= 0)
        return DR_NAMES_OF_PRODUCTS;
    return DR_NAMES_OF_NONE;
}

/* "HS17" in the characters of a name. */
static bool find_vintage(char out[8], const char *name, const char *end)
{
    for (const char *at = name; at + 4 <= end; at++)
        if (toupper((unsigned char)at[0]) == 'H' && toupper((unsigned char)at[1]) == 'S' &&
            isdigit((unsigned char)at[2]) && isdigit((unsigned char)at[3]) &&
            (at + 4 == end || !isdigit((unsigned char)at[4]))) {
            snprintf(out, 8, "HS%.2s", at + 2);
            return true;
        }
    return false;
}

void dr_vintage_of(char out[8], const char *path)
{
    const char *end = path + strlen(path);
    out[0] = '\0';
    while (end > path) {
        const char *name = end;
        while (name > path && name[-1] != '/')
            name--;
        if (find_vintage(out, name, end))
            return;
        end = name > path ? name - 1 : path;
    }
}

static const char *text_of(dr_product_names *b, const dr_csv *csv, int column)
{
    const char *text = column < 0 ? "" : dr_csv_field(csv, (size_t)column);
    return dr_utf8(text) ? dr_arena_text(&b->texts, text) : dr_arena_text(&b->texts, "");
}

static dr_status take_economy(dr_product_names *b, const dr_csv *csv, const int *columns)
{
    const char *number = dr_csv_field(csv, (size_t)columns[COUNTRY]);
    size_t before = b->economies.count;
    int index = *number ? dr_names_add(&b->economies, number) : 0;
    if (!*number || (index >= 0 && b->economies.count == before))
        return DR_OK;
    const char *code = text_of(b, csv, columns[ISO3]), *name = text_of(b, csv, columns[COUNTRY_NAME]);
    if (index < 0 || !code || !name ||
        !dr_grow((void **)&b->codes, &b->code_capacity, b->economies.count, sizeof *b->codes) ||
        !dr_grow((void **)&b->names, &b->name_capacity, b->economies.count, sizeof *b->names))
        return dr_fail_memory();
    b->codes[index] = code;
    b->names[index] = name;
    return DR_OK;
}

/* A spreadsheet drops the zero in front of a code. */
static bool has_lost_zero(const char *code)
{
    return strlen(code) == 5 && strspn(code, "0123456789") == 5;
}

static dr_status take_product(dr_product_names *b, const dr_csv *csv, const int *columns, const char *classification)
{
    enum { LONGEST = 12 };
    char key[64];
    const char *code = dr_csv_field(csv, (size_t)columns[CODE]);
    size_t before = b->products.count;
    if (!*code || strlen(code) > LONGEST || !dr_utf8(code))
        return DR_OK;
    snprintf(key, sizeof key, "%s %s%s", classification, has_lost_zero(code) ? "0" : "", code);
    int index = dr_names_add(&b->products, key);
    if (index >= 0 && b->products.count == before)
        return DR_OK;
    const char *text = text_of(b, csv, columns[NAME]);
    if (index < 0 || !text ||
        !dr_grow((void **)&b->descriptions, &b->description_capacity, b->products.count, sizeof *b->descriptions))
        return dr_fail_memory();
    b->descriptions[index] = text;
    return DR_OK;
}

static dr_status read_rows(dr_product_names *b, dr_csv *csv, const char *classification)
{
    dr_names header = {0};
    int columns[ROLES];
    bool more = true;
    dr_status status = dr_csv_header(csv, NULL, 0, NULL);
    for (size_t i = 0; status == DR_OK && i < dr_csv_fields(csv); i++)
        if (dr_names_add(&header, dr_csv_field(csv, i)) < 0)
            status = dr_fail_memory();
    for (size_t i = 0; i < ROLES; i++)
        columns[i] = dr_column_find(&header, roles[i]);
    dr_names_kind kind = dr_product_names_is(&header);
    dr_names_free(&header);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = kind == DR_NAMES_OF_ECONOMIES ? take_economy(b, csv, columns)
                                               : take_product(b, csv, columns, classification);
    return status;
}

dr_status dr_product_names_read(dr_product_names *beside, const char *path, const char *classification)
{
    char vintage[8];
    dr_csv *csv = NULL;
    dr_vintage_of(vintage, path);
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = read_rows(beside, csv, *vintage ? vintage : classification);
    dr_csv_close(csv);
    return status;
}

void dr_product_names_free(dr_product_names *beside)
{
    dr_names_free(&beside->economies);
    dr_names_free(&beside->products);
    free(beside->codes);
    free(beside->names);
    free(beside->descriptions);
    dr_arena_free(&beside->texts);
    *beside = (dr_product_names){0};
}
