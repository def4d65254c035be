#include "model/tier_elasticities.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/print.h"
#include "measure/product_trade.h"
#include "world/select.h"

/* Trade elasticities by product: the codes of a file, of which the longest that a product begins with counts. */
typedef struct by_product {
    dr_names codes;
    double *theta; /* [code] */
    size_t capacity;
    double all; /* of all products; 0: those of their sectors */
} by_product;

/* The range of trade elasticities (elasticity.c). */
static const double LEAST = 1e-3, LARGEST = 1000;

static dr_status check_range(const char *what, double value, double least)
{
    if (value >= least && value <= LARGEST)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT, "%s of %g; expected one between %g and %g", what, value, least, LARGEST);
}

static dr_status read_line(by_product *b, const dr_csv *csv, const int columns[2])
{
    double theta = 0;
    const char *code = dr_csv_field(csv, (size_t)columns[0]);
    DR_TRY(dr_csv_number(csv, (size_t)columns[1], &theta));
    if (check_range("a trade elasticity", theta, LEAST) != DR_OK)
        return dr_csv_fail(csv, columns[1], "%s", dr_error_text());
    if (!*code || strspn(code, "0123456789") != strlen(code))
        return dr_csv_fail(csv, columns[0], "'%.40s' is not a code of products; expected digits such as 854231", code);
    if (dr_names_find(&b->codes, code) >= 0)
        return dr_csv_fail(csv, columns[0], "the product %s appears twice", code);
    int index = dr_names_add(&b->codes, code);
    if (index < 0 || !dr_grow((void **)&b->theta, &b->capacity, b->codes.count, sizeof *b->theta))
        return dr_fail_memory();
    b->theta[index] = theta;
    return DR_OK;
}

static dr_status read_file(by_product *b, const char *path)
{
    static const char *const names[] = {"product", "trade_elasticity"};
    int columns[2];
    bool more = true;
    dr_csv *csv = NULL;
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 2, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = read_line(b, csv, columns);
    dr_csv_close(csv);
    return status;
}

static dr_status read_products(by_product *b, const char *text)
{
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &b->all))
        return read_file(b, text);
    dr_status status = check_range("a trade elasticity", b->all, LEAST);
    return status == DR_OK ? DR_OK : dr_fail_at(status, "product elasticity");
}

/* The trade elasticity of a product, 0: none of its own. */
static double theta_of(const by_product *b, const char *product)
{
    char code[DR_LONGEST_PRODUCT + 1];
    size_t size = strlen(product) < sizeof code ? strlen(product) : sizeof code - 1;
    memcpy(code, product, size);
    for (; size > 0; size--) {
        code[size] = '\0';
        int index = dr_names_find(&b->codes, code);
        if (index >= 0 && b->theta)
            return b->theta[index];
    }
    return b->all;
}

/* ---- Classes ----------------------------------------------------------------------------------------------------- */

/* The class of a theta among those of the sector that begin at `first`, made where it is new. */
static unsigned class_of(dr_tier *t, size_t first, double theta)
{
    for (size_t c = first; c < t->classes; c++)
        if (t->theta[c] == theta)
            return (unsigned)c;
    t->theta[t->classes] = theta;
    return (unsigned)t->classes++;
}

/* The classes of one sector; `of` [product] is a scratch array. */
static void sector_classes(dr_tier *t, const dr_model *m, size_t s, const by_product *b, unsigned *of, size_t *own)
{
    const dr_product_trade *trade = t->trade;
    size_t first = t->class_of[s] = t->classes;
    class_of(t, first, m->theta[s]);
    for (size_t k = 0; k < trade->flows.products.count && t->has[s]; k++) {
        double theta = trade->sector[k] == (int)s ? theta_of(b, trade->flows.products.names[k]) : 0;
        *own += theta > 0;
        of[k] = theta > 0 ? class_of(t, first, theta) : (unsigned)first;
    }
    for (size_t cell = t->cell[s * m->regions]; cell < t->cell[(s + 1) * m->regions]; cell++)
        t->theta_class[cell] = t->product[cell] == DR_TIER_REST ? (unsigned)first : of[t->product[cell]];
}

static dr_status fill_classes(dr_tier *t, const dr_model *m, const by_product *b, size_t *own)
{
    size_t products = t->trade->flows.products.count;
    unsigned *of = dr_new(products + 1, sizeof *of);
    t->theta = dr_new_doubles(products + m->sectors);
    t->class_of = dr_new(m->sectors + 1, sizeof *t->class_of);
    bool there = of && t->theta && t->class_of;
    for (size_t s = 0; s < m->sectors && there; s++)
        sector_classes(t, m, s, b, of, own);
    if (there)
        t->class_of[m->sectors] = t->classes;
    free(of);
    return there ? DR_OK : dr_fail_memory();
}

/* ---- Elasticities of sectors ------------------------------------------------------------------------------------- */

/* One of the two elasticities of a sector: the option in words, the least that it may be, and the column of a file. */
typedef struct kind {
    const char *option, *column;
    double least;
} kind;

static const kind SUBSTITUTION = {"product substitution", "product_substitution", 0},
                  IMPORT = {"import elasticity", "import_elasticity", 1e-3};

/* A line: a sector, or several, and their value. */
static dr_status sector_line(const dr_model *m, const kind *of, const dr_csv *csv, const int columns[2], bool *mask,
                             double *values)
{
    double value = 0;
    memset(mask, 0, m->sectors * sizeof *mask);
    if (dr_select_sector(m->economy, dr_csv_field(csv, (size_t)columns[0]), mask, NULL) != DR_OK)
        return dr_csv_fail(csv, columns[0], "%s", dr_error_text());
    DR_TRY(dr_csv_number(csv, (size_t)columns[1], &value));
    if (check_range("a value", value, of->least) != DR_OK)
        return dr_csv_fail(csv, columns[1], "%s", dr_error_text());
    for (size_t s = 0; s < m->sectors; s++) {
        if (mask[s] && !isnan(values[s]))
            return dr_csv_fail(csv, columns[0], "the sector %s appears twice", m->economy->sector_codes.names[s]);
        values[s] = mask[s] ? value : values[s];
    }
    return DR_OK;
}

/* A file of sectors; those that it has not keep `or_else`. */
static dr_status sector_file(const dr_model *m, const kind *of, const char *path, double or_else, double *values)
{
    const char *const names[] = {"sector", of->column};
    int columns[2];
    bool more = true, *mask = dr_new(m->sectors, sizeof *mask);
    dr_csv *csv = NULL;
    dr_status status = mask ? dr_csv_open(&csv, path) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_csv_header(csv, names, 2, columns);
    for (size_t s = 0; s < m->sectors; s++)
        values[s] = NAN;
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = sector_line(m, of, csv, columns, mask, values);
    for (size_t s = 0; s < m->sectors; s++)
        values[s] = isnan(values[s]) ? or_else : values[s];
    dr_csv_close(csv);
    free(mask);
    return status;
}

/* A number for all sectors, a file of them, or nothing; NAN stands for what the trade elasticity of the sector says. */
static dr_status sector_values(const dr_model *m, const kind *of, const char *text, double or_else, double *values)
{
    double value = or_else;
    if (text && dr_path_ends(text, ".csv"))
        return sector_file(m, of, text, or_else, values);
    if (text && !dr_parse_number(text, &value))
        return dr_fail(DR_BAD_INPUT, "%s: '%.40s' is neither a number nor the path of a CSV file", of->option, text);
    if (text && check_range("a value", value, of->least) != DR_OK)
        return dr_fail_at(DR_BAD_INPUT, of->option);
    for (size_t s = 0; s < m->sectors; s++)
        values[s] = value;
    return DR_OK;
}

static dr_status fill_sectors(dr_tier *t, const dr_model *m)
{
    t->sigma = dr_new_doubles(m->sectors);
    t->mu = dr_new_doubles(m->sectors);
    if (!t->sigma || !t->mu)
        return dr_fail_memory();
    DR_TRY(sector_values(m, &SUBSTITUTION, m->options.product_substitution, m->nests.between_products, t->sigma));
    DR_TRY(sector_values(m, &IMPORT, m->options.import_elasticity, NAN, t->mu));
    for (size_t s = 0; s < m->sectors; s++) {
        t->sigma[s] = isnan(t->sigma[s]) ? 1 + m->theta[s] : t->sigma[s];
        t->mu[s] = isnan(t->mu[s]) ? m->theta[s] : t->mu[s];
    }
    return DR_OK;
}

/* The value of an option or horizon in words; `or_else` where it follows from the trade elasticity of the sector. */
static void say(char out[64], const char *option, double value, const char *or_else)
{
    if (option && dr_path_ends(option, ".csv"))
        dr_print_text(out, 64, "those of a file by sector");
    else if (isnan(value))
        dr_print_text(out, 64, "%s", or_else);
    else
        dr_print_text(out, 64, "%.10g", value);
}

/* The part of the imports of sectors with products that is of products with an elasticity of their own. */
static double covered(const dr_model *m, const dr_tier *t, const by_product *b)
{
    double own = 0, all = 0;
    for (size_t block = 0; block < t->blocks; block++) {
        size_t n = block % m->regions, s = block / m->regions;
        double imports = m->base.spending[n * m->sectors + s] * (1 - m->import_share[block * m->stride + n]);
        for (size_t cell = t->cell[block]; cell < t->cell[block + 1]; cell++) {
            bool known =
                t->product[cell] != DR_TIER_REST && theta_of(b, t->trade->flows.products.names[t->product[cell]]) > 0;
            all += imports * t->weight[cell];
            own += known ? imports * t->weight[cell] : 0;
        }
    }
    return all > 0 ? own / all : 0;
}

/* The products that are in sectors with product flows. */
static size_t with_sector(const dr_tier *t)
{
    size_t count = 0;
    for (size_t k = 0; k < t->trade->flows.products.count; k++)
        count += t->trade->sector[k] >= 0 && t->has[t->trade->sector[k]];
    return count;
}

static dr_status note(dr_model *m, const dr_tier *t, const by_product *b, size_t own)
{
    char sigma[64], mu[64], theta[160];
    const dr_model_options *o = &m->options;
    bool set = o->product_substitution || !isnan(m->nests.between_products);
    say(sigma, o->product_substitution, set ? t->sigma[0] : NAN, "1 + the trade elasticity of the sector");
    say(mu, o->import_elasticity, o->import_elasticity ? t->mu[0] : NAN, "the trade elasticity of the sector");
    say(theta, NULL, b->all > 0 ? b->all : NAN, "the trade elasticity of the sector");
    if (b->codes.count)
        dr_print_text(theta, sizeof theta,
                      "that of a file for %zu of %zu products, %.2f%% of the imports of these sectors, and of the "
                      "sector for the others",
                      own, with_sector(t), 100 * covered(m, t, b));
    return dr_model_note(m,
                         "elasticities of products: between origins, %s; of substitution between products, %s; between "
                         "imports and home, %s",
                         theta, sigma, mu);
}

dr_status dr_tier_elasticities(dr_tier *t, dr_model *m)
{
    by_product b = {0};
    size_t own = 0;
    dr_status status = read_products(&b, m->options.product_elasticity);
    if (status == DR_OK)
        status = fill_sectors(t, m);
    if (status == DR_OK)
        status = fill_classes(t, m, &b, &own);
    if (status == DR_OK)
        status = note(m, t, &b, own);
    dr_names_free(&b.codes);
    free(b.theta);
    return status;
}

dr_status dr_tier_choke(dr_tier *t, const char *text)
{
    if (!text)
        return DR_OK;
    if (!dr_parse_number(text, &t->choke) || !(t->choke > 1) || !(t->choke <= LARGEST))
        return dr_fail(DR_BAD_INPUT, "choke price: '%.40s'; expected a multiple of base prices above 1 and up to %g",
                       text, LARGEST);
    return DR_OK;
}
