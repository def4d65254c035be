/* What a partial equilibrium is of: regions, tariffs and elasticities. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "measure/product_trade.h"
#include "partial/partial.h"

enum { DEMAND, SUPPLY, SUBSTITUTION };

/* ---- Regions ----------------------------------------------------------------------------------------------------- */

static dr_status add_region(dr_partial *p, const char *name, const bool *mask)
{
    size_t economies = p->flows.regions.count;
    int index = dr_names_find(&p->regions, name);
    if (index >= 0)
        return dr_fail(DR_BAD_INPUT, "regions: '%s' appears twice", name);
    index = dr_names_add(&p->regions, name);
    if (index < 0)
        return dr_fail_memory();
    for (size_t i = 0; i < economies; i++) {
        if (!mask[i])
            continue;
        if (p->of[i] != USHRT_MAX)
            return dr_fail(DR_BAD_INPUT, "regions: %s is in '%s' and in '%s'; expected each economy in one region",
                           p->flows.regions.names[i], p->regions.names[p->of[i]], name);
        p->of[i] = (unsigned short)index;
    }
    return DR_OK;
}

/* The economies that the options name, and the rest. */
static dr_status named_regions(dr_partial *p, const char *list)
{
    char *copy = strdup(list), *left = copy;
    bool *mask = NULL, any = false;
    dr_status status = copy ? DR_OK : dr_fail_memory();
    for (char *name; status == DR_OK && (name = strsep(&left, ","));) {
        status = dr_product_members(&mask, p->world, p->year.year, &p->flows.regions, name);
        if (status == DR_OK)
            status = add_region(p, name, mask);
        free(mask);
        mask = NULL;
    }
    free(copy);
    for (size_t i = 0; i < p->flows.regions.count; i++)
        any |= p->of[i] == USHRT_MAX;
    if (status != DR_OK || !any)
        return status;
    int index = dr_names_add(&p->regions, DR_PARTIAL_REST);
    for (size_t i = 0; i < p->flows.regions.count && index >= 0; i++)
        p->of[i] = p->of[i] == USHRT_MAX ? (unsigned short)index : p->of[i];
    return index < 0 ? dr_fail_memory() : DR_OK;
}

static dr_status make_regions(dr_partial *p, const char *list)
{
    size_t economies = p->flows.regions.count;
    p->of = dr_new(economies + 1, sizeof *p->of);
    if (!p->of)
        return dr_fail_memory();
    for (size_t i = 0; i < economies; i++)
        p->of[i] = USHRT_MAX;
    if (list)
        return named_regions(p, list);
    for (size_t i = 0; i < economies; i++) {
        p->of[i] = (unsigned short)i;
        if (dr_names_add(&p->regions, p->flows.regions.names[i]) < 0)
            return dr_fail_memory();
    }
    return DR_OK;
}

dr_status dr_partial_load(dr_partial *p, const dr_world *world, const dr_partial_options *options)
{
    p->world = world;
    DR_TRY(dr_product_year_read(&p->year, world, options->year));
    DR_TRY(dr_product_names_query(&p->names_of, world, p->year.classification));
    DR_TRY(dr_flows_load(&p->flows, &world->duck, p->year.year));
    return make_regions(p, options->regions);
}

/* ---- Tariffs ----------------------------------------------------------------------------------------------------- */

/* Copies the digits of a code, without "HS" and dots; "all" has none. */
static dr_status take_code(char out[DR_LONGEST_PRODUCT + 1], const char *name)
{
    size_t count = 0;
    out[0] = '\0';
    if (strcasecmp(name, "all") == 0)
        return DR_OK;
    const char *at = strncasecmp(name, "HS", 2) == 0 ? name + 2 : name;
    for (; *at; at++) {
        if (*at == '.' && count > 0 && at[1])
            continue;
        if (*at < '0' || *at > '9' || count == DR_LONGEST_PRODUCT)
            return dr_fail(DR_BAD_INPUT,
                           "unknown product '%.40s'; expected a code of the Harmonized System such as 8703, or all",
                           name);
        out[count++] = *at;
    }
    out[count] = '\0';
    return count >= 2 ? DR_OK
                      : dr_fail(DR_BAD_INPUT, "the product '%.40s' has too few digits; expected two or more", name);
}

static dr_status add_line(dr_lines *lines, const char *code, size_t importer, size_t exporter, double rate)
{
    if (!(rate > -1 && isfinite(rate)))
        return dr_fail(DR_BAD_INPUT, "a tariff of %g%%; expected more than -100%%", 100 * rate);
    if (!dr_grow((void **)&lines->line, &lines->capacity, lines->count + 1, sizeof *lines->line))
        return dr_fail_memory();
    dr_line *line = &lines->line[lines->count++];
    *line = (dr_line){.importer = (unsigned short)importer,
                      .exporter = (unsigned short)exporter,
                      .rate = rate,
                      .order = lines->count};
    memcpy(line->code, code, strlen(code) + 1);
    return DR_OK;
}

/* The regions that a name stands for: a region, `all`, or a group whose members are whole regions; *group: flows
 * between them are left alone. */
static dr_status mark_regions(const dr_partial *p, const char *name, bool *mask, bool *group)
{
    bool *members = NULL;
    int index = dr_names_find(&p->regions, name);
    memset(mask, 0, p->regions.count * sizeof *mask);
    *group = index < 0 && strcasecmp(name, "all") != 0;
    for (size_t r = 0; r < p->regions.count && !*group; r++)
        mask[r] = index < 0 || r == (size_t)index;
    if (!*group)
        return DR_OK;
    DR_TRY(dr_product_members(&members, p->world, p->year.year, &p->flows.regions, name));
    dr_status status = DR_OK;
    for (size_t i = 0; i < p->flows.regions.count; i++)
        mask[p->of[i]] |= members[i];
    for (size_t i = 0; i < p->flows.regions.count && status == DR_OK; i++)
        if (mask[p->of[i]] && !members[i])
            status = dr_fail(DR_BAD_INPUT, "'%s' is a part of the region '%s'; expected whole regions", name,
                             p->regions.names[p->of[i]]);
    free(members);
    return status;
}

/* The tariffs of one name on another, on one product. */
static dr_status add_pair(const dr_partial *p, dr_lines *lines, const char *by, const char *on, const char *code,
                          double rate)
{
    bool *of = dr_new(p->regions.count, sizeof *of), *from = dr_new(p->regions.count, sizeof *from);
    bool of_group = false, from_group = false;
    dr_status status = of && from ? mark_regions(p, by, of, &of_group) : dr_fail_memory();
    if (status == DR_OK)
        status = mark_regions(p, on, from, &from_group);
    for (size_t n = 0; n < p->regions.count; n++)
        for (size_t i = 0; i < p->regions.count && status == DR_OK; i++) {
            bool together = (of_group && of[n] && of[i]) || (from_group && from[n] && from[i]);
            if (of[n] && from[i] && n != i && !together)
                status = add_line(lines, code, n, i, rate);
        }
    free(of);
    free(from);
    return status;
}

/* Calls add_pair for each name of three lists. */
dr_status dr_partial_add(const dr_partial *p, dr_lines *lines, const char *by, const char *on, const char *products,
                         double rate)
{
    char code[DR_LONGEST_PRODUCT + 1];
    char *importers = strdup(by), *left = importers;
    dr_status status = importers ? DR_OK : dr_fail_memory();
    for (char *n; status == DR_OK && (n = strsep(&left, ","));) {
        char *exporters = strdup(on), *others = exporters;
        status = exporters ? DR_OK : dr_fail_memory();
        for (char *i; status == DR_OK && (i = strsep(&others, ","));) {
            char *codes = strdup(products), *more = codes;
            status = codes ? DR_OK : dr_fail_memory();
            for (char *k; status == DR_OK && (k = strsep(&more, ","));)
                if ((status = take_code(code, k)) == DR_OK)
                    status = add_pair(p, lines, n, i, code, rate);
            free(codes);
        }
        free(exporters);
    }
    free(importers);
    return status;
}

enum { EXPORTER, IMPORTER, PRODUCT, TARIFF, COLUMNS };

static dr_status read_line(const dr_partial *p, dr_lines *lines, const dr_csv *csv, const int columns[COLUMNS])
{
    size_t side[2] = {0, 0};
    char code[DR_LONGEST_PRODUCT + 1], hint[DR_HINT_SIZE];
    double rate = 0;
    for (int c = EXPORTER; c <= IMPORTER; c++) {
        const char *name = dr_csv_field(csv, (size_t)columns[c]);
        int index = dr_names_find(&p->regions, name);
        if (index < 0)
            return dr_csv_fail(csv, columns[c], "unknown region '%.40s'%s", name,
                               dr_hint(hint, name, (const char *const *)p->regions.names, p->regions.count));
        side[c] = (size_t)index;
    }
    if (take_code(code, dr_csv_field(csv, (size_t)columns[PRODUCT])) != DR_OK)
        return dr_csv_fail(csv, columns[PRODUCT], "%s", dr_error_text());
    if (dr_parse_rate(dr_csv_field(csv, (size_t)columns[TARIFF]), &rate) != DR_OK || !(rate > -1))
        return dr_csv_fail(csv, columns[TARIFF], "'%.40s' is not a tariff; expected a rate above -100%%, such as 25%%",
                           dr_csv_field(csv, (size_t)columns[TARIFF]));
    return add_line(lines, code, side[IMPORTER], side[EXPORTER], rate);
}

dr_status dr_partial_read_lines(const dr_partial *p, dr_lines *lines, const char *path)
{
    static const char *const names[COLUMNS] = {"exporter", "importer", "product", "tariff"};
    int columns[COLUMNS];
    bool more = true;
    dr_csv *csv = NULL;
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = dr_csv_header(csv, names, COLUMNS, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = read_line(p, lines, csv, columns);
    dr_csv_close(csv);
    return status;
}

/* Codes in their order, so that those that a product begins with are found by their length; lines of one code stay in
 * the order in which they came. */
static int compare(const void *a, const void *b)
{
    const dr_line *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

void dr_partial_sort(dr_lines *lines)
{
    if (lines->count > 1)
        qsort(lines->line, lines->count, sizeof *lines->line, compare);
}

/* The first line whose code is not before this one. */
static size_t first_of(const dr_lines *lines, const char *code)
{
    size_t low = 0, high = lines->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(lines->line[middle].code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dr_partial_rates(const dr_partial *p, const dr_lines *lines, const char *product, double *factor)
{
    char code[DR_LONGEST_PRODUCT + 1] = "";
    bool any = false;
    size_t length = strlen(product) < sizeof code ? strlen(product) : sizeof code - 1;
    for (size_t size = 0; size <= length; size++) {
        memcpy(code, product, size);
        code[size] = '\0';
        for (size_t j = first_of(lines, code); j < lines->count && strcmp(lines->line[j].code, code) == 0; j++) {
            factor[lines->line[j].exporter * p->regions.count + lines->line[j].importer] = 1 + lines->line[j].rate;
            any = true;
        }
    }
    return any;
}

/* ---- Elasticities ------------------------------------------------------------------------------------------------ */

static dr_status read_elasticity(dr_partial *p, const dr_csv *csv, const int columns[4])
{
    char code[DR_LONGEST_PRODUCT + 1];
    double values[3];
    if (take_code(code, dr_csv_field(csv, (size_t)columns[0])) != DR_OK)
        return dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    for (int c = DEMAND; c <= SUBSTITUTION; c++) {
        DR_TRY(dr_csv_number(csv, (size_t)columns[c + 1], &values[c]));
        if (!(values[c] > 0 && values[c] <= 1000))
            return dr_csv_fail(csv, columns[c + 1], "an elasticity of %g; expected one above 0, in absolute value",
                               values[c]);
    }
    if (dr_names_find(&p->elastic.codes, code) >= 0)
        return dr_csv_fail(csv, columns[0], "the product %s appears twice", code);
    int index = dr_names_add(&p->elastic.codes, code);
    if (index < 0 ||
        !dr_grow((void **)&p->elastic.value, &p->elastic.capacity, p->elastic.codes.count, sizeof *p->elastic.value))
        return dr_fail_memory();
    memcpy(p->elastic.value[index], values, sizeof values);
    return DR_OK;
}

dr_status dr_partial_read_elasticities(dr_partial *p, const char *path)
{
    static const char *const names[] = {"product", "demand", "supply", "substitution"};
    int columns[4];
    bool more = true;
    dr_csv *csv = NULL;
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 4, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = read_elasticity(p, csv, columns);
    dr_csv_close(csv);
    return status;
}

const double *dr_partial_elasticities(const dr_partial *p, const char *product)
{
    char code[DR_LONGEST_PRODUCT + 1];
    size_t size = strlen(product) < sizeof code ? strlen(product) : sizeof code - 1;
    memcpy(code, product, size);
    for (; size > 0 && p->elastic.codes.count; size--) {
        code[size] = '\0';
        int index = dr_names_find(&p->elastic.codes, code);
        if (index >= 0)
            return p->elastic.value[index];
    }
    return p->elasticity;
}

/* ---- Trade ------------------------------------------------------------------------------------------------------- */

void dr_partial_trade(const dr_partial *p, size_t k, double *trade)
{
    const dr_flows *f = &p->flows;
    size_t r = p->regions.count;
    memset(trade, 0, r * r * sizeof *trade);
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
        trade[p->of[f->exporter[row]] * r + p->of[f->importer[row]]] += f->value[row];
}
