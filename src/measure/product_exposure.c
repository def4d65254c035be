/* Dependence by product: a screen over one year's flows, and over several years. Formulas: docs/products.md. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/sql.h"
#include "base/table_rows.h"
#include "measure/measure_sql.h"
#include "measure/prefixes.h"
#include "measure/product_lists.h"
#include "measure/product_trade.h"
#include "measure/screen.h"
#include "world/describe.h"

enum { CRITERIA = 3, MOST_YEARS = 50 };

static const double HARM = 0.5; /* share of the others' imports from which on a supplier is a single point of failure */

/* ---- The rule ---- */

typedef struct rule {
    dr_screen_rule kind;
    double thresholds[CRITERIA];
    int window, at_least;
    bool net_re_exports, all;
} rule;

static dr_status read_rule(rule *out, const dr_screen_options *options)
{
    static const double usual[][CRITERIA] = {
        [DR_SCREEN_COMMISSION] = {0.4, 0.5, 1}, [DR_SCREEN_GEODEP] = {0.4, 0.4, 1}};
    *out = (rule){.kind = options->rule,
                  .window = options->window ? options->window : 3,
                  .at_least = options->at_least,
                  .net_re_exports = options->net_re_exports,
                  .all = options->all};
    for (size_t i = 0; i < CRITERIA; i++) {
        double given = options->thresholds[i];
        out->thresholds[i] = given == 0 ? usual[options->rule][i] : given;
        if (!isfinite(given) || given < 0 || (i < 2 && given >= 1))
            return dr_fail(DR_USAGE, "the threshold %g of criterion %zu is not valid: expected %s", given, i + 1,
                           i < 2 ? "a share above 0 and below 1" : "a ratio above 0");
    }
    if (out->window < 1 || out->window > MOST_YEARS)
        return dr_fail(DR_USAGE, "a window of %d years; expected 1 to %d", out->window, MOST_YEARS);
    if (out->at_least < 0 || out->at_least > out->window)
        return dr_fail(DR_USAGE, "at least %d of %d years; expected 1 to %d", out->at_least, out->window, out->window);
    return DR_OK;
}

static double ratio(double above, double below)
{
    return below > 0 ? above / below : NAN;
}

static double cdi2(const dr_indicators *i)
{
    return ratio(i->imports, i->imports + i->inside);
}

static double cdi3(const rule *r, const dr_indicators *i)
{
    return ratio(i->imports, r->kind == DR_SCREEN_GEODEP ? i->exports_out : i->exports);
}

/* A product that is imported and not exported at all cannot be had at home, whatever the threshold. */
static bool meets(const rule *r, const dr_indicators *i, bool exports_known)
{
    double second = r->kind == DR_SCREEN_GEODEP ? i->world_concentration : cdi2(i), third = cdi3(r, i);
    return i->imports > 0 && i->concentration > r->thresholds[0] && second > r->thresholds[1] &&
           (!exports_known || isnan(third) || third > r->thresholds[2]);
}

/* ---- A year ---- */

typedef struct screened {
    dr_product_year year;
    dr_flows flows;
    bool *member;
    dr_indicators *products; /* [product] */
    bool exports_known;      /* any at all */
    dr_flows_moved moved;    /* by the editions between its own and that of the year asked */
} screened;

static void free_screened(screened *s)
{
    dr_product_year_free(&s->year);
    dr_flows_free(&s->flows);
    free(s->member);
    free(s->products);
    *s = (screened){0};
}

static dr_status screen_products(screened *s, bool net_re_exports)
{
    size_t count = s->flows.products.count;
    double *scratch = dr_new_doubles(dr_screen_scratch(&s->flows));
    s->products = dr_new(count, sizeof *s->products);
    if (!scratch || !s->products) {
        free(scratch);
        return dr_fail_memory();
    }
    for (size_t k = 0; k < count; k++) {
        dr_screen_product(&s->products[k], &s->flows, k, s->member, net_re_exports, scratch);
        s->exports_known = s->exports_known || s->products[k].exports_out > 0;
    }
    free(scratch);
    return DR_OK;
}

/* Flows of an earlier year get the codes of the year asked, where both are in editions of the Harmonized System. */
static dr_status carry_to(screened *s, const screened *last)
{
    int from = dr_hs_edition(s->year.classification), to = dr_hs_edition(last->year.classification);
    dr_hs_changes *changes = NULL;
    if (from < 0 || to < 0 || from == to)
        return DR_OK;
    DR_TRY(dr_hs_changes_read(&changes, from, to));
    dr_status status = dr_flows_convert(&s->flows, &s->moved, changes, &last->flows);
    dr_hs_changes_free(changes);
    return status;
}

/* `last` is the year asked, NULL: it is this one. */
static dr_status screen_year(screened *s, const dr_world *world, const char *of, int year, bool net_re_exports,
                             const screened *last)
{
    DR_TRY(dr_product_year_read(&s->year, world, year));
    DR_TRY(dr_flows_load(&s->flows, &world->duck, s->year.year));
    if (world->sums && dr_flows_compare(&s->flows, &world->duck, s->year.year) != DR_OK)
        return dr_fail_at(DR_BAD_INPUT, world->path);
    if (last)
        DR_TRY(carry_to(s, last));
    DR_TRY(dr_product_members(&s->member, world, s->year.year, &s->flows.regions, of));
    return screen_products(s, net_re_exports);
}

/* ---- Several years ---- */

/* The years of the window before `last` of which there are flows, into `years`. */
static dr_status find_years(const dr_world *world, int last, int window, int years[MOST_YEARS], size_t *count)
{
    dr_cursor cursor;
    bool more = false;
    dr_status status = dr_sql_open(&cursor, &world->duck, dr_measure_sql.products.years_before,
                                   DR_VALUES(dr_sql_integer("last", last), dr_sql_integer("window", window)));
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more && *count < MOST_YEARS)
        years[(*count)++] = (int)dr_cursor_index(&cursor, 0);
    dr_cursor_close(&cursor);
    return status;
}

static void count_met(unsigned char *met, const screened *of, const screened *there, const rule *r)
{
    for (size_t k = 0; k < there->flows.products.count; k++) {
        int index = dr_names_find(&of->flows.products, there->flows.products.names[k]);
        if (index >= 0 && meets(r, &there->products[k], there->exports_known))
            met[index]++;
    }
}

/* The years of a window, and those among them whose codes were carried to the edition of the year asked. */
typedef struct window {
    size_t years;
    struct {
        int year;
        char classification[8];
        dr_flows_moved moved;
    } carried[MOST_YEARS];
    size_t count;
} window;

static void remember(window *w, const screened *s)
{
    if (!(s->moved.value > 0))
        return;
    w->carried[w->count].year = s->year.year;
    w->carried[w->count].moved = s->moved;
    snprintf(w->carried[w->count].classification, sizeof w->carried->classification, "%s", s->year.classification);
    w->count++;
}

/* In how many of the window's years each product of `last` meets the criteria. */
static dr_status count_years(unsigned char *met, window *w, const screened *last, const dr_world *world, const char *of,
                             const rule *r)
{
    int before[MOST_YEARS];
    size_t count = 0;
    count_met(met, last, last, r);
    DR_TRY(find_years(world, last->year.year, r->window, before, &count));
    w->years = count + 1;
    for (size_t i = 0; i < count; i++) {
        screened s = {0};
        dr_status status = screen_year(&s, world, of, before[i], r->net_re_exports, last);
        if (status == DR_OK) {
            count_met(met, last, &s, r);
            remember(w, &s);
        }
        free_screened(&s);
        DR_TRY(status);
    }
    return DR_OK;
}

/* ---- The table ---- */

enum {
    PRODUCT,
    SECTOR,
    LISTS,
    IMPORTS,
    CDI1,
    CDI2,
    CDI3,
    WORLD,
    SOURCE,
    SOURCE_SHARE,
    UNSPECIFIED,
    POINT,
    STARVED,
    SPLIT,
    CUT_OFF,
    YEARS,
    DEPENDENT,
    NAME,
    COLUMNS
};

static const dr_column_spec columns[COLUMNS] = {
    {"product", DR_SHOW_TEXT},      {"sector", DR_SHOW_TEXT},
    {"lists", DR_SHOW_TEXT},        {"imports", DR_SHOW_VALUE},
    {"cdi1", DR_SHOW_NUMBER},       {"cdi2", DR_SHOW_NUMBER},
    {"cdi3", DR_SHOW_NUMBER},       {"world_concentration", DR_SHOW_NUMBER},
    {"source", DR_SHOW_TEXT},       {"source_share", DR_SHOW_SHARE},
    {"unspecified", DR_SHOW_SHARE}, {"single_point", DR_SHOW_TEXT},
    {"starved", DR_SHOW_SHARE},     {"split", DR_SHOW_SHARE},
    {"cut_off", DR_SHOW_COUNT},     {"years", DR_SHOW_COUNT},
    {"dependent", DR_SHOW_TEXT},    {"name", DR_SHOW_TEXT},
};

/* The sources of the table's columns. */
typedef struct filling {
    const screened *s;
    const rule *r;
    const unsigned char *met;
    unsigned needed; /* years in which the criteria must be met */
    dr_prefixes sectors, names;
    dr_product_lists lists;
} filling;

static dr_status fill_names(dr_table *table, size_t row, const filling *f, const char *product)
{
    char lists[DR_LISTS_SIZE];
    bool part = false;
    int name = dr_names_find(&f->names.codes, product);
    DR_TRY(dr_product_lists_find(&f->lists, product, lists, &part));
    dr_table_set_text(table, row, NAME, name < 0 ? "" : f->names.labels[name]);
    dr_table_set_text(table, row, PRODUCT, product);
    dr_table_set_text(table, row, SECTOR, dr_prefixes_find(&f->sectors, product));
    dr_table_set_text(table, row, LISTS, lists);
    return DR_OK;
}

static dr_status fill_point(dr_table *table, size_t row, const filling *f, size_t k)
{
    dr_single_point point;
    dr_table_set_text(table, row, POINT, "");
    if (!f->s->year.whole) {
        for (size_t column = STARVED; column <= CUT_OFF; column++)
            dr_table_set_number(table, row, column, NAN);
        return DR_OK;
    }
    DR_TRY(dr_single_point_find(&point, &f->s->flows, k));
    if (point.supplier != SIZE_MAX && fmax(point.starved, point.split) >= HARM)
        dr_table_set_text(table, row, POINT, f->s->flows.regions.names[point.supplier]);
    dr_table_set_number(table, row, STARVED, point.starved);
    dr_table_set_number(table, row, SPLIT, point.split);
    dr_table_set_number(table, row, CUT_OFF, (double)point.cut_off);
    return DR_OK;
}

static dr_status fill_row(dr_table *table, const filling *f, size_t k)
{
    const screened *s = f->s;
    const dr_indicators *i = &s->products[k];
    size_t row = dr_table_add_row(table);
    const double numbers[] = {i->imports, i->concentration, cdi2(i), s->exports_known ? cdi3(f->r, i) : NAN,
                              s->year.whole ? i->world_concentration : NAN};
    DR_TRY(fill_names(table, row, f, s->flows.products.names[k]));
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        dr_table_set_number(table, row, IMPORTS + n, numbers[n]);
    dr_table_set_text(table, row, SOURCE, i->source == SIZE_MAX ? "" : s->flows.regions.names[i->source]);
    dr_table_set_number(table, row, SOURCE_SHARE, i->source_share);
    dr_table_set_number(table, row, UNSPECIFIED, ratio(i->unspecified, i->imports));
    dr_table_set_number(table, row, YEARS, f->met[k]);
    dr_table_set_text(table, row, DEPENDENT, f->met[k] >= f->needed ? "yes" : "no");
    return fill_point(table, row, f, k);
}

typedef struct counted {
    size_t imported, dependent; /* products */
} counted;

/* Products in the order of their imports. */
typedef struct place {
    double imports;
    size_t k;
} place;

static int by_imports(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return x->imports > y->imports ? -1 : x->imports < y->imports ? 1 : x->k < y->k ? -1 : x->k > y->k;
}

static dr_status fill_rows(dr_table *table, const filling *f, counted *counts)
{
    size_t count = f->s->flows.products.count;
    place *order = dr_new(count, sizeof *order);
    if (!order)
        return dr_fail_memory();
    for (size_t k = 0; k < count; k++)
        order[k] = (place){f->s->products[k].imports, k};
    qsort(order, count, sizeof *order, by_imports);
    dr_status status = DR_OK;
    for (size_t n = 0; status == DR_OK && n < count; n++) {
        if (!(order[n].imports > 0)) /* nobody depends on others for what is not imported in the year asked */
            break;
        bool is = f->met[order[n].k] >= f->needed;
        counts->imported++;
        counts->dependent += is;
        if (is || f->r->all)
            status = fill_row(table, f, order[n].k);
    }
    free(order);
    return status;
}

static dr_status read_lists(filling *f, const dr_world *world)
{
    DR_TRY(dr_prefixes_query(&f->sectors, &world->duck, dr_measure_sql.products.sectors));
    DR_TRY(dr_product_names_query(&f->names, world, f->s->year.classification));
    return dr_product_lists_read(&f->lists, f->s->year.classification, f->s->year.year);
}

static void free_lists(filling *f)
{
    dr_prefixes_free(&f->sectors);
    dr_prefixes_free(&f->names);
    dr_product_lists_free(&f->lists);
}

/* ---- Facts and notes ---- */

static void describe(dr_table *table, const dr_world *world, const screened *s, const char *of, const rule *r)
{
    dr_describe(table, world->path, s->year.year, s->year.unit, s->year.source);
    dr_table_set_unit(table, s->year.unit);
    dr_table_add_fact_text(table, "of", of);
    dr_table_add_fact_text(table, "classification", s->year.classification);
    dr_table_add_fact_text(table, "settings.rule", r->kind == DR_SCREEN_GEODEP ? "geodep" : "commission");
    dr_table_add_fact(table, "settings.threshold_1", r->thresholds[0]);
    dr_table_add_fact(table, "settings.threshold_2", r->thresholds[1]);
    dr_table_add_fact(table, "settings.threshold_3", r->thresholds[2]);
    dr_table_add_fact_text(table, "settings.re_exports", r->net_re_exports ? "taken off" : "not taken off");
}

/* The part of the group's imports that comes from partners that the statistics do not name. */
static void add_unspecified(dr_table *table, const screened *s)
{
    double imports = 0, unspecified = 0;
    char part[DR_MONEY_SIZE], whole[DR_MONEY_SIZE];
    for (size_t k = 0; k < s->flows.products.count; k++) {
        imports += s->products[k].imports;
        unspecified += s->products[k].unspecified;
    }
    dr_table_add_fact(table, "unspecified", unspecified);
    if (unspecified > 0)
        dr_table_add_note(
            table,
            "imports worth %s of %s (%.2f%%) come from partners that the statistics do not name (confidential, not "
            "specified, ship stores and the like): they are in imports, and left out of shares and concentration; "
            "'unspecified' is their share of a product's imports",
            dr_money(part, unspecified, s->year.unit), dr_money(whole, imports, s->year.unit),
            100 * unspecified / imports);
}

/* Figures of the world market are of those whose exports there are. */
static void add_coverage(dr_table *table, const screened *s)
{
    enum { FEW = 150 }; /* of the more than 200 economies that trade */
    size_t exporters = 0;
    bool *exports = dr_new(s->flows.regions.count, sizeof *exports);
    if (!exports) {
        table->failed = true;
        return;
    }
    for (size_t row = 0; row < s->flows.rows; row++)
        exports[s->flows.exporter[row]] = true;
    for (size_t i = 0; i < s->flows.regions.count; i++)
        exporters += exports[i] && !s->flows.untold[i];
    free(exports);
    dr_table_add_fact(table, "exporters", (double)exporters);
    if (!s->year.whole)
        dr_table_add_note(table, "these are the reports of some economies only: figures of world trade are not known");
    else if (exporters < FEW)
        dr_table_add_note(
            table,
            "these flows are the exports of %zu economies, where more than 200 trade: world_concentration,"
            " single_point, starved, split and cut_off are of these flows, and not of the world market",
            exporters);
}

/* Years whose codes were carried to another edition. */
static void add_carried(dr_table *table, const screened *s, const window *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const dr_flows_moved *m = &w->carried[i].moved;
        dr_table_add_note(
            table,
            "the flows of %d are in %s and were carried to %s by the correspondence of the United "
            "Nations: it has other codes for %zu products; %zu of them, with %.2f%% of that year's trade, "
            "were divided among several codes in proportion to the trade in those in %d",
            w->carried[i].year, w->carried[i].classification, s->year.classification, m->codes, m->divided,
            100 * m->divided_value / m->value, s->year.year);
    }
}

/* How the lists, which are in the edition of 2022, were found in these flows. */
static dr_status add_lists(dr_table *table, const filling *f)
{
    const screened *s = f->s;
    size_t parts = 0;
    double listed = 0, in_part = 0;
    if (f->lists.edition < 0)
        dr_table_add_note(table, "the lists CHPL and CRM are in HS22: codes that %s does not have are not found",
                          s->year.classification);
    for (size_t k = 0; f->lists.changes && k < s->flows.products.count; k++) {
        char labels[DR_LISTS_SIZE];
        bool part = false;
        DR_TRY(dr_product_lists_find(&f->lists, s->flows.products.names[k], labels, &part));
        listed += *labels ? s->products[k].imports : 0;
        in_part += part ? s->products[k].imports : 0;
        parts += part && s->products[k].imports > 0;
    }
    if (f->lists.changes)
        dr_table_add_note(table,
                          "the lists CHPL and CRM are in HS22 and these flows in %s: codes are joined by the "
                          "correspondence of the United Nations",
                          dr_hs_name(f->lists.edition));
    if (parts > 0)
        dr_table_add_note(
            table,
            "products of which a part of the goods is on a list ('part'): %zu, with %.2f%% of the imports "
            "of all products on lists",
            parts, 100 * in_part / listed);
    return DR_OK;
}

static dr_status add_notes(dr_table *table, const filling *f, const window *w, const counted *counts)
{
    const screened *s = f->s;
    const rule *r = f->r;
    size_t years = w->years;
    unsigned needed = f->needed;
    dr_table_add_fact(table, "settings.window", r->window);
    dr_table_add_fact(table, "years_there", (double)years);
    dr_table_add_fact(table, "settings.at_least", needed);
    dr_table_add_fact(table, "products", (double)counts->imported);
    dr_table_add_fact(table, "dependent", (double)counts->dependent);
    dr_table_add_note(table, "dependent: all three criteria are met in at least %u of %zu years", needed, years);
    if (years < (size_t)r->window)
        dr_table_add_note(table, "the window is %d years up to %d, of which the world holds %zu", r->window,
                          s->year.year, years);
    if (!s->exports_known)
        dr_table_add_note(table,
                          "no exports to outside are in these flows: cdi3 is not known, and its criterion is left out");
    add_unspecified(table, s);
    add_coverage(table, s);
    add_carried(table, s, w);
    return add_lists(table, f);
}

/* How many products there are, and the largest of them. */
static void answer(dr_table *table, const filling *f, const counted *counts)
{
    char of[DR_SPOKEN_SIZE], from[DR_SPOKEN_SIZE], money[DR_MONEY_SIZE];
    size_t row = 0;
    dr_describe_names(table, NULL);
    dr_table_say(table, "In %d %s depended on others for %zu of the %zu products that it imported.", f->s->year.year,
                 dr_spoken(of, NULL, dr_table_fact_text(table, "of")), counts->dependent, counts->imported);
    while (row < table->rows && strcmp(dr_table_text_at(table, row, "dependent"), "yes") != 0)
        row++;
    if (row == table->rows || isnan(dr_table_at(table, row, "source_share")))
        return;
    const char *name = dr_table_text_at(table, row, "name");
    dr_table_say(table, "The largest of them is %s%s%s: imports of %s, %.2f%% of it from %s.",
                 dr_table_text_at(table, row, "product"), *name ? ", " : "", name,
                 dr_money(money, dr_table_at(table, row, "imports"), table->unit),
                 100 * dr_table_at(table, row, "source_share"),
                 dr_spoken(from, NULL, dr_table_text_at(table, row, "source")));
}

static dr_status fill_table(dr_table *table, const dr_world *world, filling *f, const window *w)
{
    counted counts = {0};
    const rule *r = f->r;
    f->needed = r->at_least ? (unsigned)r->at_least : w->years > 1 ? 2 : 1;
    if (f->needed > w->years)
        return dr_fail(DR_BAD_INPUT,
                       "%s: the criteria are to be met in %u years, but of the %d years up to %d the world holds %zu",
                       world->path, f->needed, r->window, f->s->year.year, w->years);
    DR_TRY(read_lists(f, world));
    DR_TRY(fill_rows(table, f, &counts));
    answer(table, f, &counts);
    return add_notes(table, f, w, &counts);
}

static dr_status make_table(dr_table *table, const dr_world *world, const char *of, const rule *r, const screened *s)
{
    window w = {0};
    unsigned char *met = dr_new(s->flows.products.count, sizeof *met);
    filling f = {.s = s, .r = r, .met = met};
    dr_status status = met ? count_years(met, &w, s, world, of, r) : dr_fail_memory();
    if (status == DR_OK)
        status = fill_table(table, world, &f, &w);
    free_lists(&f);
    free(met);
    if (status == DR_OK)
        status =
            dr_product_tell_groups(table, world, s->year.year - r->window + 1, s->year.year, &s->flows.regions, of);
    return status == DR_OK ? dr_table_done(table) : status;
}

static dr_status check_whole(const screened *s, const rule *r)
{
    if (r->kind == DR_SCREEN_GEODEP && !s->year.whole)
        return dr_fail(
            DR_BAD_INPUT,
            "the rule 'geodep' needs all of world trade; the flows of %d are the reports of some economies only",
            s->year.year);
    return DR_OK;
}

dr_status dr_exposure_products(dr_table **out, dr_world *world, const char *of, const dr_screen_options *options)
{
    DR_TRY(DR_GIVEN(out, world, of));
    dr_screen_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, options->rule, DR_SCREEN_GEODEP));
    rule r;
    screened s = {0};
    dr_table *table = NULL;
    DR_TRY(read_rule(&r, options));
    dr_status status = screen_year(&s, world, of, options->year, r.net_re_exports, NULL);
    if (status == DR_OK)
        status = check_whole(&s, &r);
    if (status == DR_OK)
        status = dr_table_new(&table, columns, COLUMNS);
    if (status == DR_OK) {
        dr_table_set_title(table, "Products for which %s depends on others, %d", of, s.year.year);
        describe(table, world, &s, of, &r);
        status = make_table(table, world, of, &r, &s);
    }
    free_screened(&s);
    if (status == DR_OK)
        *out = table;
    else
        dr_table_free(table);
    return status;
}
