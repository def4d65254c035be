/* Tariffs from a CSV: a row is a rate for the flows of its exporter, importer and sector, each a name or a list. */
#include <string.h>

#include "scenario/scenario.h"

enum { EXPORTER, IMPORTER, SECTOR, TARIFF, COLUMNS };

static dr_status mark(const dr_csv *csv, int column, dr_select *select, const dr_economy *e, const dr_own_groups *own,
                      bool *mask, size_t size, dr_named *named)
{
    memset(mask, 0, size * sizeof *mask);
    dr_status status = dr_select_list(select, e, own, dr_csv_field(csv, (size_t)column), mask, named);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, column, "%s", dr_error_text());
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

static dr_status read_row(dr_scenario *sc, const dr_csv *csv, const int columns[COLUMNS], const dr_own_groups *own,
                          dr_change *c)
{
    const dr_economy *e = sc->economy;
    size_t flow = 0;
    bool any = false, left = false;
    dr_named_free(&c->named);
    DR_TRY(mark(csv, columns[EXPORTER], dr_select_region, e, own, c->on, e->regions, &c->named));
    DR_TRY(mark(csv, columns[IMPORTER], dr_select_region, e, own, c->by, e->regions, &c->named));
    DR_TRY(mark(csv, columns[SECTOR], dr_select_sector, e, own, c->sectors, e->sectors, NULL));
    dr_status status = dr_parse_rate(dr_csv_field(csv, (size_t)columns[TARIFF]), &c->amount);
    if (status == DR_OK)
        status = dr_change_check(c);
    if (status == DR_OK && is_given(sc, c, &flow))
        return dr_csv_fail(csv, -1, "the flow of %s from %s to %s is given twice",
                           e->sector_codes.names[flow % e->sectors],
                           e->region_codes.names[flow / e->sectors % e->regions],
                           e->region_codes.names[flow / e->sectors / e->regions]);
    if (status == DR_OK)
        status = dr_scenario_change_flows(sc, c, &any, &left);
    if (status == DR_BAD_INPUT)
        return dr_csv_fail(csv, columns[TARIFF], "%s", dr_error_text());
    DR_TRY(status);
    if (!any && left)
        return dr_csv_fail(csv, -1,
                           "a tariff on trade between members of a group, which is one actor: name the members");
    if (!any)
        return dr_csv_fail(csv, -1, "a tariff on domestic purchases of %s: domestic flows are never changed",
                           dr_csv_field(csv, (size_t)columns[IMPORTER]));
    return dr_scenario_keep_groups(sc, c);
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
    static const char *const names[COLUMNS] = {"exporter", "importer", "sector", "tariff"};
    int columns[COLUMNS];
    bool more = true;
    dr_csv *csv = NULL;
    dr_change change;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    DR_TRY(dr_scenario_next(sc));
    dr_headline_add(&sc->changed, "tariffs of %.100s", name);
    DR_TRY(dr_change_new(&change, sc->economy, DR_CHANGE_TARIFF));
    change.replace = replace;
    const dr_odd_rates of_changes = sc->odd;
    sc->odd = (dr_odd_rates){0};
    dr_status status = dr_csv_open(&csv, path);
    if (status == DR_OK)
        status = dr_csv_header(csv, names, COLUMNS, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = read_row(sc, csv, columns, own, &change);
    dr_csv_close(csv);
    dr_change_free(&change);
    if (status == DR_OK)
        status = note_rates(sc, name);
    sc->odd = of_changes;
    return status;
}
