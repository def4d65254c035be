/* Cohorts: who is treated from when on, and the variables of their effects. */
#include "estimate/gravity_cohorts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dr_cohorts_free(struct dr_cohorts *c)
{
    if (!c)
        return;
    free(c->cell);
    free(c->of_row);
    free(c->mean);
    free(c->effect);
    free(c);
}

/* ---- Entry ------------------------------------------------------------------------------------------------------- */

static double year_of(const dr_flow_panel *p, size_t row)
{
    return p->field[p->year].number[row];
}

/* A treatment that is 0 or 1, rather than the year of entry. */
static bool is_indicator(const double *value, size_t rows)
{
    bool any = false;
    for (size_t r = 0; r < rows; r++) {
        if (isfinite(value[r]) && value[r] != 0 && value[r] != 1)
            return false;
        any = any || value[r] == 1;
    }
    return any;
}

static dr_status need_flows(const dr_gravity *g)
{
    if (g->panel.exporter >= 0 && g->panel.importer >= 0)
        return DR_OK;
    return dr_formula_fail(
        g->cohort, 0,
        "a treatment of 0 and 1 needs the exporter and importer of each flow; give a column with the "
        "year of entry, 0 for never, or name these columns with --exporter and --importer");
}

/* From a treatment of 0 and 1: the first year with 1 of the flow. Rows after its end are of no use. */
static dr_status enter_flows(dr_gravity *g, const double *value)
{
    const dr_flow_panel *p = &g->panel;
    const int fields[] = {p->exporter, p->importer, p->by, p->sector};
    dr_crossing flow = {.label = "flow"};
    dr_flow_levels l = {0};
    DR_TRY(need_flows(g));
    for (size_t i = 0; i < 4; i++)
        if (fields[i] >= 0)
            flow.bound[flow.names++] = fields[i];
    dr_status status = dr_flow_panel_cross(&l, p, &flow, false);
    double *first = status == DR_OK ? dr_new_doubles(l.count + 1) : NULL;
    if (status == DR_OK && !first)
        status = dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < l.count; i++)
        first[i] = INFINITY;
    for (size_t r = 0; status == DR_OK && r < p->rows; r++)
        if (l.level[r] != DR_NO_LEVEL && value[r] == 1)
            first[l.level[r]] = fmin(first[l.level[r]], year_of(p, r));
    for (size_t r = 0; status == DR_OK && r < p->rows; r++) {
        g->entry[r] = l.level[r] == DR_NO_LEVEL || isnan(value[r]) ? NAN : first[l.level[r]];
        if (value[r] == 0 && year_of(p, r) >= g->entry[r])
            g->entry[r] = NAN;
    }
    free(first);
    dr_flow_levels_free(&l);
    return status;
}

static dr_status check_years(const double *value, const dr_gravity *g)
{
    char place[256];
    for (size_t r = 0; r < g->panel.rows; r++)
        if (isfinite(value[r]) && (value[r] != floor(value[r]) || fabs(value[r]) > 1e6))
            return dr_fail(DR_BAD_INPUT,
                           "%s: %s is %.10g; expected the year of entry, 0 for never, or a treatment of 0 and 1",
                           dr_flow_panel_place(place, sizeof place, &g->panel, r), g->cohort->term[0].label, value[r]);
    return DR_OK;
}

dr_status dr_cohorts_enter(dr_gravity *g)
{
    const dr_flow_panel *p = &g->panel;
    double *value = dr_new_doubles(p->rows), start = INFINITY;
    g->entry = dr_new_doubles(p->rows);
    dr_status status = value && g->entry ? DR_OK : dr_fail_memory();
    if (status == DR_OK && p->year < 0)
        status =
            dr_fail(DR_BAD_INPUT, "effects by cohort need the year of each row; say which column it is with --year");
    for (size_t r = 0; status == DR_OK && r < p->rows; r++) {
        value[r] = dr_term_value(p, &g->cohort->term[0], r);
        start = fmin(start, year_of(p, r));
    }
    if (status == DR_OK && is_indicator(value, p->rows)) {
        status = enter_flows(g, value);
    } else if (status == DR_OK) {
        status = check_years(value, g);
        for (size_t r = 0; status == DR_OK && r < p->rows; r++)
            g->entry[r] = isfinite(value[r]) && value[r] != 0 ? value[r] : INFINITY;
    }
    for (size_t r = 0; status == DR_OK && r < p->rows; r++)
        if (g->entry[r] <= start) /* without a year before, there is nothing to compare with */
            g->entry[r] = NAN;
    free(value);
    return status;
}

/* ---- Variables --------------------------------------------------------------------------------------------------- */

/* Distinct years in order. */
typedef struct years {
    int *year;
    size_t count;
} years;

static int in_order(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static bool add_year(years *y, double year)
{
    size_t capacity = y->count;
    for (size_t i = 0; i < y->count; i++)
        if (y->year[i] == (int)year)
            return true;
    if (!dr_grow((void **)&y->year, &capacity, y->count + 1, sizeof *y->year))
        return false;
    y->year[y->count++] = (int)year;
    return true;
}

static size_t place_of(const years *y, double year)
{
    size_t i = 0;
    while (i < y->count && y->year[i] != (int)year)
        i++;
    return i;
}

/* What is being added to a sample. */
typedef struct taking {
    dr_sampling *s;
    struct dr_cohorts *c;
    years years, cohorts;
    int32_t *cell;    /* [cohorts, years] -1: none */
    size_t *at;       /* [covariates] among the variables */
    size_t next_term; /* each variable counts as a term of its own */
} taking;

static double entry_of(const taking *t, size_t i)
{
    double entry = t->s->gravity->entry[t->s->row[i]];
    return entry <= t->years.year[t->years.count - 1] ? entry : INFINITY;
}

static dr_status find_cohorts(taking *t)
{
    const dr_sampling *s = t->s;
    bool never = false, memory = true;
    for (size_t i = 0; memory && i < s->rows; i++)
        memory = add_year(&t->years, year_of(s->panel, s->row[i]));
    if (!memory)
        return dr_fail_memory();
    qsort(t->years.year, t->years.count, sizeof *t->years.year, in_order);
    for (size_t i = 0; memory && i < s->rows; i++) {
        double entry = entry_of(t, i);
        never = never || isinf(entry);
        memory = isinf(entry) || add_year(&t->cohorts, entry);
    }
    if (!memory)
        return dr_fail_memory();
    qsort(t->cohorts.year, t->cohorts.count, sizeof *t->cohorts.year, in_order);
    if (t->cohorts.count == 0)
        return dr_fail(DR_BAD_INPUT, "no row is treated by %s after the first year", s->gravity->cohort->term[0].label);
    if (!never)
        return dr_fail(DR_BAD_INPUT,
                       "every row is treated by %s in the end: a cohort that is never treated is missing; with "
                       "--where \"year < %d\" the last cohort, %d, is one",
                       s->gravity->cohort->term[0].label, t->cohorts.year[t->cohorts.count - 1],
                       t->cohorts.year[t->cohorts.count - 1]);
    return DR_OK;
}

/* The years of a cohort that have an effect. */
static bool has_cell(const taking *t, size_t cohort, size_t year)
{
    int entry = t->cohorts.year[cohort], here = t->years.year[year];
    if (here >= entry)
        return true;
    bool last_before = year + 1 == t->years.count || t->years.year[year + 1] >= entry;
    return t->s->gravity->options.controls == DR_CONTROLS_NEVER && !last_before;
}

static dr_status list_cells(taking *t)
{
    const dr_sampling *s = t->s;
    struct dr_cohorts *c = t->c;
    size_t most = t->cohorts.count * t->years.count;
    t->cell = dr_new(most, sizeof *t->cell);
    c->cell = dr_new(most, sizeof *c->cell);
    c->of_row = dr_new(s->rows, sizeof *c->of_row);
    if (!t->cell || !c->cell || !c->of_row)
        return dr_fail_memory();
    for (size_t k = 0; k < most; k++)
        t->cell[k] = -1;
    bool *rows = dr_new(most, sizeof *rows);
    for (size_t i = 0; rows && i < s->rows; i++)
        if (!isinf(entry_of(t, i)))
            rows[place_of(&t->cohorts, entry_of(t, i)) * t->years.count +
                 place_of(&t->years, year_of(s->panel, s->row[i]))] = true;
    for (size_t k = 0; rows && k < most; k++)
        if (rows[k] && has_cell(t, k / t->years.count, k % t->years.count)) {
            c->cell[c->cells] =
                (dr_cell){.cohort = t->cohorts.year[k / t->years.count], .year = t->years.year[k % t->years.count]};
            t->cell[k] = (int32_t)c->cells++;
        }
    for (size_t i = 0; rows && i < s->rows; i++) {
        c->of_row[i] = isinf(entry_of(t, i)) ? -1
                                             : t->cell[place_of(&t->cohorts, entry_of(t, i)) * t->years.count +
                                                       place_of(&t->years, year_of(s->panel, s->row[i]))];
        if (c->of_row[i] >= 0)
            c->cell[c->of_row[i]].weight += s->weight ? s->weight[i] : 1;
    }
    bool done = rows;
    free(rows);
    return done ? DR_OK : dr_fail_memory();
}

static dr_status add(taking *t, const char *label, size_t *at)
{
    dr_variable *v = NULL;
    *at = t->s->fit->variables;
    return dr_sampling_add_variable(t->s, t->next_term++, label, false, &v);
}

static double *values(const taking *t, size_t at)
{
    return t->s->fit->variable[at].value;
}

/* Slopes of covariate k by cohort, and by year but for the first. */
static dr_status add_slopes(taking *t, size_t k)
{
    const dr_sampling *s = t->s;
    const char *name = s->gravity->covariates->term[k].label;
    char label[400];
    size_t at = 0;
    for (size_t g = 0; g < t->cohorts.count + t->years.count; g++) {
        bool cohort = g < t->cohorts.count;
        const years *of = cohort ? &t->cohorts : &t->years;
        size_t which = cohort ? g : g - t->cohorts.count;
        if (!cohort && which == 0)
            continue;
        snprintf(label, sizeof label, "%s=%d:%.300s", cohort ? "cohort" : "year", of->year[which], name);
        DR_TRY(add(t, label, &at));
        for (size_t i = 0; i < s->rows; i++) {
            double here = cohort ? entry_of(t, i) : year_of(s->panel, s->row[i]);
            values(t, at)[i] = here == of->year[which] ? values(t, t->at[k])[i] : 0;
        }
    }
    return DR_OK;
}

/* d(g, t) times covariate k about its mean in the cohort. */
static dr_status add_products(taking *t, size_t k)
{
    const dr_sampling *s = t->s;
    struct dr_cohorts *c = t->c;
    char label[400];
    size_t at = 0, products = s->fit->variables;
    double *mean = dr_new_doubles(t->cohorts.count), *rows = dr_new_doubles(t->cohorts.count);
    dr_status status = mean && rows ? DR_OK : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < s->rows; i++) {
        size_t g = place_of(&t->cohorts, entry_of(t, i));
        if (g < t->cohorts.count) {
            mean[g] += values(t, t->at[k])[i];
            rows[g]++;
        }
    }
    for (size_t j = 0; status == DR_OK && j < c->cells; j++) {
        snprintf(label, sizeof label, "cohort=%d:year=%d:%.300s", c->cell[j].cohort, c->cell[j].year,
                 s->gravity->covariates->term[k].label);
        status = add(t, label, &at);
    }
    for (size_t i = 0; status == DR_OK && i < s->rows; i++) {
        if (c->of_row[i] < 0)
            continue;
        size_t j = (size_t)c->of_row[i], g = place_of(&t->cohorts, c->cell[j].cohort);
        double x = values(t, t->at[k])[i] - mean[g] / rows[g];
        values(t, products + j)[i] = x;
        c->mean[j * c->covariates + k] += (s->weight ? s->weight[i] : 1) * x / c->cell[j].weight;
    }
    free(mean);
    free(rows);
    return status;
}

static dr_status add_cells(taking *t)
{
    struct dr_cohorts *c = t->c;
    char label[100];
    for (size_t j = 0; j < c->cells; j++) {
        snprintf(label, sizeof label, "cohort=%d:year=%d", c->cell[j].cohort, c->cell[j].year);
        DR_TRY(add(t, label, &c->cell[j].variable));
    }
    for (size_t i = 0; i < t->s->rows; i++)
        if (c->of_row[i] >= 0)
            values(t, c->cell[c->of_row[i]].variable)[i] = 1;
    return DR_OK;
}

static dr_status find_covariates(taking *t)
{
    const dr_formula *of = t->s->gravity->covariates;
    struct dr_cohorts *c = t->c;
    c->covariates = of ? of->terms : 0;
    t->at = dr_new(c->covariates, sizeof *t->at);
    c->mean = dr_new_doubles(c->cells * c->covariates);
    if (!t->at || !c->mean)
        return dr_fail_memory();
    for (size_t k = 0; k < c->covariates; k++)
        while (strcmp(t->s->fit->variable[t->at[k]].label, of->term[k].label) != 0)
            t->at[k]++;
    return DR_OK;
}

static dr_status add_variables(taking *t)
{
    enum { MOST = 1000 };
    DR_TRY(find_cohorts(t));
    DR_TRY(list_cells(t));
    DR_TRY(find_covariates(t));
    size_t all = t->c->cells * (1 + t->c->covariates) + t->c->covariates * (t->cohorts.count + t->years.count);
    if (all > MOST)
        return dr_fail(DR_BAD_INPUT,
                       "%zu cohorts in %zu years have %zu coefficients, and the maximum is %d; --where may keep fewer "
                       "years",
                       t->cohorts.count, t->years.count, all, MOST);
    for (size_t k = 0; k < t->c->covariates; k++)
        DR_TRY(add_slopes(t, k));
    DR_TRY(add_cells(t));
    t->c->products = t->s->fit->variables;
    for (size_t k = 0; k < t->c->covariates; k++)
        DR_TRY(add_products(t, k));
    return DR_OK;
}

dr_status dr_cohorts_take(dr_sampling *s)
{
    taking t = {.s = s, .next_term = s->formula->terms};
    t.c = s->fit->cohorts = dr_new(1, sizeof *t.c);
    dr_status status = t.c ? add_variables(&t) : dr_fail_memory();
    free(t.years.year);
    free(t.cohorts.year);
    free(t.cell);
    free(t.at);
    return status;
}
