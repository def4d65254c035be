#include "world/flows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/portable.h"
#include "base/sql.h"
#include "world/countries.h"
#include "world/world_sql.h"

enum { IDS = 1 << 16, NOWHERE = IDS - 1 };

/* Codes of products as the database hands them over: 16 bytes, of which 4 are the length and the rest text with zeros
 * after it. A table of these finds a product's index in a few nanoseconds, as often as there are flows. */
typedef struct key {
    uint64_t head, tail;
} key;

typedef struct products {
    key *keys;
    int *index; /* -1 where free */
    size_t mask;
} products;

static size_t hash(key k)
{
    uint64_t mixed = (k.head ^ (k.tail * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
    return (size_t)(mixed ^ (mixed >> 32));
}

static key key_of(const char *text)
{
    struct {
        uint32_t length;
        char text[DR_LONGEST_PRODUCT];
    } packed = {0};
    key k;
    packed.length = (uint32_t)strlen(text);
    memcpy(packed.text, text, packed.length);
    memcpy(&k, &packed, sizeof k);
    return k;
}

static size_t slot_of(const products *p, key k)
{
    size_t slot = hash(k) & p->mask;
    while (p->index[slot] >= 0 && (p->keys[slot].head != k.head || p->keys[slot].tail != k.tail))
        slot = (slot + 1) & p->mask;
    return slot;
}

static dr_status make_products(products *p, const dr_names *codes)
{
    size_t size = 16;
    while (size < 4 * codes->count)
        size *= 2;
    *p = (products){dr_new(size, sizeof *p->keys), dr_new(size, sizeof *p->index), size - 1};
    if (!p->keys || !p->index)
        return dr_fail_memory();
    for (size_t i = 0; i < size; i++)
        p->index[i] = -1;
    for (size_t i = 0; i < codes->count; i++) {
        if (strlen(codes->names[i]) > DR_LONGEST_PRODUCT)
            return dr_fail(DR_BAD_INPUT, "the product '%.40s' has a code of more than %d bytes", codes->names[i],
                           DR_LONGEST_PRODUCT);
        key k = key_of(codes->names[i]);
        size_t slot = slot_of(p, k);
        p->keys[slot] = k;
        p->index[slot] = (int)i;
    }
    return DR_OK;
}

/* ---- Economies, products, and the number of flows of each product ---- */

static dr_status read_regions(dr_flows *f, const dr_duck *duck, int year, unsigned short *of_id)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    for (size_t i = 0; i < IDS; i++)
        of_id[i] = NOWHERE;
    dr_status status =
        dr_sql_open(&cursor, duck, dr_world_sql.products.regions, DR_VALUES(dr_sql_integer("year", year)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(&cursor, 1, &texts);
        int index = code ? dr_names_add(&f->regions, code) : -1;
        if (index < 0)
            status = dr_fail_memory();
        else
            of_id[dr_cursor_index(&cursor, 0) & NOWHERE] = (unsigned short)index;
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

static dr_status read_products(dr_flows *f, const dr_duck *duck, int year)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    size_t capacity = 0;
    dr_status status =
        dr_sql_open(&cursor, duck, dr_world_sql.products.products, DR_VALUES(dr_sql_integer("year", year)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        const char *code = dr_cursor_text(&cursor, 0, &texts);
        if (!code || dr_names_add(&f->products, code) < 0 ||
            !dr_grow((void **)&f->start, &capacity, f->products.count + 1, sizeof *f->start)) {
            status = dr_fail_memory();
            break;
        }
        f->start[f->products.count - 1] = f->rows;
        f->rows += (size_t)dr_cursor_index(&cursor, 1);
        f->start[f->products.count] = f->rows;
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

/* ---- The flows ---- */

static dr_status make_rows(dr_flows *f)
{
    double needed = (double)f->rows * (sizeof *f->value + 2 * sizeof *f->exporter), there = dr_memory_available();
    if (needed > there)
        return dr_fail(DR_MACHINE, "%zu product flows need %.1f GB of memory, %.1f GB are free", f->rows, needed / 1e9,
                       there / 1e9);
    f->exporter = dr_new(f->rows, sizeof *f->exporter);
    f->importer = dr_new(f->rows, sizeof *f->importer);
    f->value = dr_new(f->rows, sizeof *f->value);
    return f->exporter && f->importer && f->value ? DR_OK : dr_fail_memory();
}

static dr_status damaged(void)
{
    return dr_fail(DR_BAD_INPUT, "the world is damaged: a product flow refers to an economy or a product that does not "
                                 "exist, or is not a finite number");
}

/* Puts a chunk's flows in their products' places; next[k] is the first one of product k that is free. */
static dr_status place_chunk(dr_flows *f, const dr_cursor *cursor, const products *p, const unsigned short *of_id,
                             size_t *next)
{
    const uint16_t *exporters = cursor->column[0].data, *importers = cursor->column[1].data;
    const key *codes = cursor->column[2].data;
    const double *values = cursor->column[3].data;
    for (size_t row = 0; row < cursor->rows; row++) {
        int product = p->index[slot_of(p, codes[row])];
        unsigned short from = of_id[exporters[row]], to = of_id[importers[row]];
        if (product < 0 || from == NOWHERE || to == NOWHERE || !(fabs(values[row]) <= DR_LARGEST) ||
            next[product] >= f->start[product + 1])
            return damaged();
        size_t at = next[product]++;
        f->exporter[at] = from;
        f->importer[at] = to;
        f->value[at] = values[row];
        dr_total_add(&f->total, hash(codes[row]) ^ ((size_t)exporters[row] << 16 | importers[row]), values[row]);
    }
    return DR_OK;
}

static bool right_types(const dr_cursor *cursor)
{
    return cursor->column[0].type == DUCKDB_TYPE_USMALLINT && cursor->column[1].type == DUCKDB_TYPE_USMALLINT &&
           cursor->column[2].type == DUCKDB_TYPE_VARCHAR && cursor->column[3].type == DUCKDB_TYPE_DOUBLE;
}

static dr_status place_flows(dr_flows *f, const dr_duck *duck, int year, const products *p, const unsigned short *of_id,
                             size_t *next)
{
    dr_cursor cursor;
    bool more = false;
    for (size_t k = 0; k < f->products.count; k++)
        next[k] = f->start[k];
    dr_status status = dr_sql_open(&cursor, duck, dr_world_sql.products.flows, DR_VALUES(dr_sql_integer("year", year)));
    while (status == DR_OK && (status = dr_cursor_chunk(&cursor, &more)) == DR_OK && more)
        status = right_types(&cursor) ? place_chunk(f, &cursor, p, of_id, next) : damaged();
    dr_cursor_close(&cursor);
    return status;
}

/* Adds up rows of one product between the same two economies. last[exporter, importer] is one more than the row that
 * was kept. */
static void merge_rows(dr_flows *f, size_t *last)
{
    size_t kept = 0, row = 0;
    for (size_t k = 0; k < f->products.count; k++) {
        size_t first = kept;
        for (; row < f->start[k + 1]; row++) {
            size_t *at = &last[f->exporter[row] * f->regions.count + f->importer[row]];
            if (*at > first) {
                f->value[*at - 1] += f->value[row];
                continue;
            }
            f->exporter[kept] = f->exporter[row];
            f->importer[kept] = f->importer[row];
            f->value[kept] = f->value[row];
            *at = ++kept;
        }
        f->start[k] = first;
    }
    f->repeated = f->rows - kept;
    f->rows = kept;
    if (f->products.count)
        f->start[f->products.count] = kept;
}

dr_status dr_flows_merge(dr_flows *f)
{
    size_t *last = dr_new(f->regions.count * f->regions.count, sizeof *last);
    if (!last)
        return dr_fail_memory();
    merge_rows(f, last);
    free(last);
    return DR_OK;
}

static dr_status load(dr_flows *f, const dr_duck *duck, int year, products *p, unsigned short *of_id)
{
    DR_TRY(read_regions(f, duck, year, of_id));
    DR_TRY(dr_countries_undisclosed(&f->untold, &f->regions));
    DR_TRY(read_products(f, duck, year));
    DR_TRY(make_products(p, &f->products));
    DR_TRY(make_rows(f));
    size_t *next = dr_new(f->products.count, sizeof *next);
    dr_status status = next ? place_flows(f, duck, year, p, of_id, next) : dr_fail_memory();
    free(next);
    return status == DR_OK ? dr_flows_merge(f) : status;
}

dr_status dr_flows_load(dr_flows *out, const dr_duck *duck, int year)
{
    dr_flows flows = {0};
    products p = {0};
    unsigned short *of_id = dr_new(IDS, sizeof *of_id);
    dr_status status = of_id ? load(&flows, duck, year, &p, of_id) : dr_fail_memory();
    free(of_id);
    free(p.keys);
    free(p.index);
    if (status == DR_OK)
        *out = flows;
    else
        dr_flows_free(&flows);
    return status;
}

/* ---- Quantities -------------------------------------------------------------------------------------------------- */

/* The rows of one product: of[exporter, importer] is one more than its row. */
static void mark_rows(const dr_flows *f, size_t k, size_t *of, bool there)
{
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
        of[f->exporter[row] * f->regions.count + f->importer[row]] = there ? row + 1 : 0;
}

static dr_status read_quantities(double *out, const dr_flows *f, const dr_duck *duck, int year, size_t *of)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    int product = -1;
    dr_status status =
        dr_sql_open(&cursor, duck, dr_world_sql.products.quantities, DR_VALUES(dr_sql_integer("year", year)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        dr_arena_free(&texts);
        const char *from = dr_cursor_text(&cursor, 0, &texts), *to = dr_cursor_text(&cursor, 1, &texts);
        const char *code = dr_cursor_text(&cursor, 2, &texts);
        int k = code ? dr_names_find(&f->products, code) : -1;
        int i = from ? dr_names_find(&f->regions, from) : -1, n = to ? dr_names_find(&f->regions, to) : -1;
        if (k < 0 || i < 0 || n < 0) {
            status = damaged();
            break;
        }
        if (k != product && product >= 0)
            mark_rows(f, (size_t)product, of, false);
        if (k != product)
            mark_rows(f, (size_t)k, of, true);
        product = k;
        size_t row = of[(size_t)i * f->regions.count + (size_t)n];
        if (row > 0)
            out[row - 1] += dr_cursor_number(&cursor, 3);
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

dr_status dr_flows_quantities(double **out, const dr_flows *f, const dr_duck *duck, int year)
{
    double *quantities = dr_new_doubles(f->rows + 1);
    size_t *of = dr_new(f->regions.count * f->regions.count + 1, sizeof *of);
    dr_status status = quantities && of ? read_quantities(quantities, f, duck, year, of) : dr_fail_memory();
    for (size_t row = 0; row < f->rows && status == DR_OK; row++)
        if (!(quantities[row] > 0))
            quantities[row] = NAN;
    free(of);
    if (status == DR_OK)
        *out = quantities;
    else
        free(quantities);
    return status;
}

void dr_flows_free(dr_flows *flows)
{
    dr_names_free(&flows->regions);
    dr_names_free(&flows->products);
    free(flows->untold);
    free(flows->start);
    free(flows->exporter);
    free(flows->importer);
    free(flows->value);
    *flows = (dr_flows){0};
}

dr_status dr_flows_compare(const dr_flows *flows, const dr_duck *duck, int year)
{
    dr_total total = flows->total;
    return dr_sums_compare(&(dr_totals){&total, 1}, duck, &(dr_layout){0}, year, "product_flow", NULL, NULL);
}

static dr_status write_sum(const dr_duck *duck, int year)
{
    dr_flows flows = {0};
    DR_TRY(dr_flows_load(&flows, duck, year));
    dr_status status = dr_sums_put(duck, year, "product_flow", &flows.total);
    dr_flows_free(&flows);
    return status;
}

dr_status dr_flows_sums_write(const dr_duck *duck)
{
    int *years = NULL;
    size_t count = 0;
    dr_status status = dr_sql_list(&years, &count, duck, dr_world_sql.products.years, NULL);
    for (size_t i = 0; status == DR_OK && i < count; i++)
        status = write_sum(duck, years[i]);
    free(years);
    return status;
}
