/* Trade elasticities by the ratio of Caliendo & Parro (2015, eq. 23). For three countries n, i, h,
 *
 *   log( X_ni X_ih X_hn / (X_in X_hi X_nh) ) = -theta log( T_ni T_ih T_hn / (T_in T_hi T_nh) ) + error,   T = 1 +
 *     tariff
 *
 * X_ni what n buys from i: all that is of one country, or the same in both directions of a pair, drops out. Least
 * squares without a constant over all triples whose six flows are there, with White's standard errors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "estimate/elasticities.h"

/* One sector and year: the logarithms of flows and tariffs, [n, i]; NAN where there is none. */
typedef struct square {
    double *flow, *tariff;
} square;

typedef struct triples {
    dr_flow_panel panel;
    dr_formula formula;
    dr_names countries;
    uint32_t *exporter, *importer; /* [level] the country */
    size_t n, sectors, years;
    square *square; /* [sector, year] */
} triples;

/* Sums over triples. */
typedef struct sums {
    double count, xx, xy, scores; /* scores: of x^2 e^2 */
} sums;

static void free_triples(triples *t)
{
    for (size_t i = 0; t->square && i < t->sectors * t->years; i++) {
        free(t->square[i].flow);
        free(t->square[i].tariff);
    }
    free(t->square);
    free(t->exporter);
    free(t->importer);
    dr_names_free(&t->countries);
    dr_flow_panel_free(&t->panel);
    dr_formula_free(&t->formula);
}

static dr_status name_countries(triples *t, int field, uint32_t **out)
{
    const dr_names *levels = &t->panel.field[field].levels;
    *out = dr_new(levels->count + 1, sizeof **out);
    for (size_t i = 0; *out && i < levels->count; i++) {
        int country = dr_names_add(&t->countries, levels->names[i]);
        if (country < 0)
            return dr_fail_memory();
        (*out)[i] = (uint32_t)country;
    }
    return *out ? DR_OK : dr_fail_memory();
}

static dr_status make_squares(triples *t)
{
    const dr_flow_panel *p = &t->panel;
    DR_TRY(name_countries(t, p->exporter, &t->exporter));
    DR_TRY(name_countries(t, p->importer, &t->importer));
    t->n = t->countries.count;
    t->sectors = p->by >= 0 ? p->field[p->by].levels.count : 1;
    t->years = p->year >= 0 ? p->field[p->year].levels.count : 1;
    t->square = dr_new(t->sectors * t->years, sizeof *t->square);
    for (size_t i = 0; t->square && i < t->sectors * t->years; i++) {
        t->square[i] = (square){dr_new_doubles(t->n * t->n), dr_new_doubles(t->n * t->n)};
        if (!t->square[i].flow || !t->square[i].tariff)
            return dr_fail_memory();
        for (size_t k = 0; k < t->n * t->n; k++)
            t->square[i].flow[k] = t->square[i].tariff[k] = NAN;
    }
    return t->square ? DR_OK : dr_fail_memory();
}

static dr_status fill_row(triples *t, size_t row)
{
    const dr_flow_panel *p = &t->panel;
    char place[256];
    uint32_t x = p->field[p->exporter].level[row], m = p->field[p->importer].level[row];
    uint32_t sector = p->by >= 0 ? p->field[p->by].level[row] : 0,
             year = p->year >= 0 ? p->field[p->year].level[row] : 0;
    if (x == DR_NO_LEVEL || m == DR_NO_LEVEL || sector == DR_NO_LEVEL || year == DR_NO_LEVEL)
        return DR_OK;
    double flow = dr_flow_panel_value(p, t->formula.outcome, row);
    double tariff = dr_flow_panel_value(p, t->formula.term[0].factor[0], row);
    if (flow < 0)
        return dr_fail(DR_BAD_INPUT, "%s: trade is %g; expected 0 or more",
                       dr_flow_panel_place(place, sizeof place, p, row), flow);
    if (tariff <= -1)
        return dr_fail(DR_BAD_INPUT, "%s: a tariff of %g; expected more than -1",
                       dr_flow_panel_place(place, sizeof place, p, row), tariff);
    square *s = &t->square[sector * t->years + year];
    size_t at = t->importer[m] * t->n + t->exporter[x];
    if (!isnan(s->flow[at]))
        return dr_fail(DR_BAD_INPUT, "%s: appears twice; --by distinguishes the flows of sectors",
                       dr_flow_panel_place(place, sizeof place, p, row));
    s->flow[at] = flow > 0 ? log(flow) : -INFINITY;
    s->tariff[at] = log1p(tariff);
    return DR_OK;
}

/* Both sides of the equation for n, i, h; false if a flow or a tariff is missing. */
static inline bool ratio(const square *s, size_t n, size_t a, size_t b, size_t c, double *y, double *x)
{
    const double *f = s->flow, *t = s->tariff;
    *y = f[a * n + b] + f[b * n + c] + f[c * n + a] - f[b * n + a] - f[c * n + b] - f[a * n + c];
    *x = t[a * n + b] + t[b * n + c] + t[c * n + a] - t[b * n + a] - t[c * n + b] - t[a * n + c];
    return isfinite(*y) && isfinite(*x);
}

/* Adds a square's triples; with a slope, the scores at it. */
static void add_square(sums *to, const square *s, size_t n, double slope)
{
    double y = 0, x = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            for (size_t c = b + 1; c < n; c++) {
                if (!ratio(s, n, a, b, c, &y, &x))
                    continue;
                if (isnan(slope)) {
                    to->count++;
                    to->xx += x * x;
                    to->xy += x * y;
                } else {
                    to->scores += x * x * (y - slope * x) * (y - slope * x);
                }
            }
}

/* Returns whether there is an estimate. */
static bool add_sector(dr_table *table, const triples *t, size_t first, size_t last, const char *name, bool with_tariff)
{
    sums s = {0};
    for (size_t i = first * t->years; i < last * t->years; i++)
        add_square(&s, &t->square[i], t->n, NAN);
    double slope = s.xy / s.xx;
    for (size_t i = first * t->years; i < last * t->years; i++)
        add_square(&s, &t->square[i], t->n, slope);
    if (!(s.xx > 0) || s.count < 2)
        return false;
    double error = sqrt(s.scores * s.count / (s.count - 1)) / s.xx;
    dr_elasticities_add(table, name, slope, error, INFINITY, s.count, with_tariff);
    return true;
}

static void add_sectors(dr_table *table, const triples *t, bool with_tariff)
{
    const dr_names *names = &t->panel.field[t->panel.by].levels;
    char without[1000] = "";
    size_t used = 0;
    for (size_t sector = 0; sector < t->sectors; sector++)
        if (!add_sector(table, t, sector, sector + 1, names->names[sector], with_tariff) && used < sizeof without)
            used +=
                (size_t)snprintf(without + used, sizeof without - used, "%s%s", used ? ", " : "", names->names[sector]);
    if (used)
        dr_table_add_note(table, "no three countries trade at tariffs that differ, so that there is no estimate: %s",
                          without);
}

static dr_status read_triples(triples *t, const char *const *files, size_t count, const dr_triple_options *o)
{
    char text[400];
    snprintf(text, sizeof text, "trade ~ `%.300s`", o->tariff ? o->tariff : "tariff");
    DR_TRY(dr_formula_parse(&t->formula, text));
    dr_flow_panel_request request = {.files = files,
                                     .file_count = count,
                                     .exporter = o->exporter,
                                     .importer = o->importer,
                                     .year = o->year,
                                     .where = o->where,
                                     .by = o->by,
                                     .formulas = &t->formula,
                                     .formula_count = 1};
    DR_TRY(dr_flow_panel_read(&t->panel, &request));
    if (t->panel.exporter < 0 || t->panel.importer < 0)
        return dr_fail(DR_BAD_INPUT,
                       "%s: expected columns of exporters and importers: name them with --exporter and --importer",
                       files[0]);
    DR_TRY(make_squares(t));
    for (size_t row = 0; row < t->panel.rows; row++)
        DR_TRY(fill_row(t, row));
    return DR_OK;
}

static dr_status estimate(dr_table **out, const triples *t, const char *flows, bool with_tariff)
{
    dr_table *table = NULL;
    DR_TRY(dr_elasticities_table(&table, "triple ratios of Caliendo & Parro (2015), least squares without a constant",
                                 flows, with_tariff));
    if (t->panel.by >= 0)
        add_sectors(table, t, with_tariff);
    if (add_sector(table, t, 0, t->sectors, "all", with_tariff))
        dr_table_set_kind(table, table->rows - 1, DR_ROW_TOTAL);
    dr_status status = table->rows ? DR_OK
                                   : dr_fail(DR_BAD_INPUT,
                                             "%s: no three countries trade with each other at tariffs that "
                                             "differ",
                                             flows);
    return dr_table_finish(out, table, status);
}

dr_status dr_triple_ratio(dr_table **out, const char *const *files, size_t count, const dr_triple_options *options)
{
    DR_TRY(DR_GIVEN(out));
    dr_triple_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_TEXTS(__func__, files, count));
    triples t = {0};
    if (count == 0)
        return dr_fail(DR_USAGE, "no file of flows is given");
    const char *slash = strrchr(files[0], '/');
    dr_status status = read_triples(&t, files, count, options);
    t.panel.files = NULL;
    if (status == DR_OK)
        status = estimate(out, &t, slash ? slash + 1 : files[0], options->with_tariff);
    free_triples(&t);
    return status;
}
