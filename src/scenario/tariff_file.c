/* Tariffs from a CSV, as world/tariff_csv.h reads it: a row is a rate for the flows of its exporter, importer and
 * sector, each a name or a list, or of its exporter, importer and product. */
#include <stdlib.h>
#include <string.h>

#include "scenario/product_change.h"
#include "world/tariff_csv.h"

/* A file being read. */
typedef struct tariff_file {
    dr_tariff_csv from;
    const dr_own_groups *own;
    dr_change change;
    dr_product_set products;
} tariff_file;

/* A column of exporters that is not there stands for all. */
static dr_status mark(const tariff_file *f, int which, dr_select *select, const dr_economy *e, bool *mask, size_t size,
                      dr_named *named)
{
    const char *names = f->from.columns[which] < 0 ? "all" : dr_tariff_text(&f->from, which);
    memset(mask, 0, size * sizeof *mask);
    dr_status status = dr_select_list(select, e, f->own, names, mask, named);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(f->from.csv, f->from.columns[which], "%s", dr_error_text());
    return status;
}

/* The product of the row, of whatever sector. */
static dr_status mark_product(tariff_file *f, const dr_scenario *sc)
{
    dr_product_set_clear(&f->products);
    dr_status status = dr_product_set_add(&f->products, sc, dr_tariff_text(&f->from, DR_TARIFF_PRODUCT));
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(f->from.csv, f->from.columns[DR_TARIFF_PRODUCT], "%s", dr_error_text());
    return status;
}

/* The flow of the row that an earlier row has set; false: there is none. */
static bool is_given(const dr_scenario *sc, const dr_change *c, size_t *flow)
{
    const dr_economy *e = sc->economy;
    for (size_t n = 0; n < e->regions; n++)
        for (size_t i = 0; i < e->regions && c->by[n]; i++)
            for (size_t s = 0; s < e->sectors && c->on[i]; s++) {
                *flow = (n * e->regions + i) * e->sectors + s;
                if (c->sectors[s] && n != i && sc->last[*flow] == sc->changes)
                    return true;
            }
    return false;
}

/* Applies the row to sectors, none of whose flows an earlier row has set. */
static dr_status apply_sectors(dr_scenario *sc, const tariff_file *f, bool *any, bool *left)
{
    const dr_economy *e = sc->economy;
    size_t flow = 0;
    if (is_given(sc, &f->change, &flow))
        return dr_csv_fail(f->from.csv, -1, "the flow of %s from %s to %s is given twice",
                           e->sector_codes.names[flow % e->sectors],
                           e->region_codes.names[flow / e->sectors % e->regions],
                           e->region_codes.names[flow / e->sectors / e->regions]);
    dr_status status = dr_scenario_change_flows(sc, &f->change, any, left);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(f->from.csv, dr_tariff_rate_column(&f->from), "%s", dr_error_text());
    return status;
}

static dr_status apply_product(dr_scenario *sc, const tariff_file *f, bool *any, bool *left)
{
    dr_status status = dr_product_change(sc, &f->change, any, left);
    if (status == DR_OK && !*any && !*left)
        return dr_csv_fail(f->from.csv, f->from.columns[DR_TARIFF_PRODUCT],
                           "there is no product flow of '%.60s' between the two sides",
                           dr_tariff_text(&f->from, DR_TARIFF_PRODUCT));
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(f->from.csv, -1, "%s", dr_error_text());
    return status;
}

static dr_status read_row(dr_scenario *sc, tariff_file *f)
{
    const dr_economy *e = sc->economy;
    dr_change *c = &f->change;
    bool any = false, left = false, there = false, of_products = f->from.columns[DR_TARIFF_PRODUCT] >= 0;
    dr_named_free(&c->named);
    DR_TRY(mark(f, DR_TARIFF_EXPORTER, dr_select_region, e, c->on, e->regions, &c->named));
    DR_TRY(mark(f, DR_TARIFF_IMPORTER, dr_select_region, e, c->by, e->regions, &c->named));
    DR_TRY(of_products ? mark_product(f, sc)
                       : mark(f, DR_TARIFF_SECTOR_NAME, dr_select_sector, e, c->sectors, e->sectors, NULL));
    DR_TRY(dr_tariff_rate(&f->from, &c->amount, &there));
    if (!there)
        return dr_csv_fail(f->from.csv, dr_tariff_rate_column(&f->from),
                           "the cell is empty; expected a rate such as 25%% or 0.25");
    DR_TRY((of_products ? apply_product : apply_sectors)(sc, f, &any, &left));
    if (!any && left)
        return dr_csv_fail(f->from.csv, -1,
                           "a tariff on trade between members of a group, which is one actor: name the members");
    if (!any)
        return dr_csv_fail(f->from.csv, -1, "a tariff on domestic purchases of %s: domestic flows are never changed",
                           dr_tariff_text(&f->from, DR_TARIFF_IMPORTER));
    return dr_scenario_keep_groups(sc, c);
}

/* The columns: sectors or products. */
static dr_status read_header(tariff_file *f, dr_scenario *sc)
{
    int date = dr_tariff_date_column(&f->from);
    if (!f->from.format->plain)
        return dr_csv_fail(
            f->from.csv, -1,
            "a file of %s; a scenario takes the columns importer, exporter, product or sector, and tariff: "
            "'derisk import tariffs' reads this file into a world",
            f->from.format->name);
    if (date >= 0)
        return dr_csv_fail(
            f->from.csv, date,
            "the column '%.40s': the tariffs of a scenario have no dates; keep the rows of one day, or take "
            "the file into a world with 'derisk import tariffs'",
            dr_csv_field(f->from.csv, (size_t)date));
    if (f->from.columns[DR_TARIFF_SECTOR_NAME] >= 0)
        return DR_OK;
    dr_status status = dr_product_changes_need(sc);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(f->from.csv, f->from.columns[DR_TARIFF_PRODUCT], "%s", dr_error_text());
    DR_TRY(status);
    DR_TRY(dr_product_set_new(&f->products, sc));
    f->change.products = &f->products;
    return dr_select_sector(sc->economy, "all", f->change.sectors, NULL);
}

static dr_status read_rows(tariff_file *f, dr_scenario *sc, const char *path)
{
    bool more = true;
    DR_TRY(dr_tariff_csv_open(&f->from, path));
    DR_TRY(read_header(f, sc));
    for (;;) {
        DR_TRY(dr_csv_record(f->from.csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(read_row(sc, f));
    }
}

/* Unlike a document, a file may have percentages in place of fractions, and so rates above 100% are noted, too. */
static dr_status note_rates(dr_scenario *sc, const char *name)
{
    const dr_economy *e = sc->economy;
    char text[DR_ODD_RATES_SIZE];
    if (sc->odd.subsidies)
        DR_TRY(dr_scenario_note(sc, "%s: negative tariffs, which are import subsidies: %s", name,
                                dr_odd_rates_text(text, &sc->odd, false, &e->region_codes, &e->sector_codes)));
    if (sc->odd.high)
        DR_TRY(dr_scenario_note(sc, "%s: tariffs above 100%%: %s", name,
                                dr_odd_rates_text(text, &sc->odd, true, &e->region_codes, &e->sector_codes)));
    return DR_OK;
}

dr_status dr_scenario_tariff_file(dr_scenario *sc, const dr_own_groups *own, const char *path, bool replace)
{
    tariff_file f = {.own = own};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const dr_odd_rates of_changes = sc->odd;
    DR_TRY(dr_scenario_next(sc));
    dr_headline_add(&sc->changed, "tariffs of %.100s", name);
    DR_TRY(dr_change_new(&f.change, sc->economy, DR_CHANGE_TARIFF));
    f.change.replace = replace;
    sc->odd = (dr_odd_rates){0};
    dr_status status = read_rows(&f, sc, path);
    if (status == DR_OK && f.from.columns[DR_TARIFF_PRODUCT] >= 0)
        status = dr_product_change_note(sc, name);
    if (status == DR_OK)
        status = note_rates(sc, name);
    sc->odd = of_changes;
    dr_tariff_csv_close(&f.from);
    dr_change_free(&f.change);
    free(f.products.mask);
    return status;
}
