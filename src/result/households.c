/* Real income by groups of households: each has its own basket and its own sources of income. With e[h,k] its
 * expenditure shares, y[h,f] its income from factors, and R its share of public revenue,
 *
 *   P[h]^(1 - phi) = sum over k of e[h,k] P[n,k]^(1 - phi)
 *   y'[h]          = sum over f of y[h,f] w'[f] + R[h] revenue'
 *
 * where revenue goes to groups as the file says or, without, in proportion to income. The incomes of the file are
 * scaled to those of the region. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/money.h"
#include "base/names.h"
#include "model/factors.h"
#include "result/answer.h"
#include "result/result.h"
#include "scenario/scenario.h"
#include "world/describe.h"

enum { REGION, GROUP, KIND, ITEM, VALUE, INPUT_COLUMNS };

typedef struct household {
    char *name;
    size_t region;
    double people, revenue;
    double *factor, *spends; /* [factor]; [sector] */
    double income, earns[2], price;
} household;

typedef struct households {
    const dr_model *model;
    household *item;
    size_t count, capacity;
    dr_arena arena;
} households;

/* ---- The file ---------------------------------------------------------------------------------------------------- */

static household *find(households *all, size_t n, const char *name)
{
    for (size_t h = 0; h < all->count; h++)
        if (all->item[h].region == n && strcmp(all->item[h].name, name) == 0)
            return &all->item[h];
    if (!dr_grow((void **)&all->item, &all->capacity, all->count + 1, sizeof *all->item))
        return NULL;
    household *made = &all->item[all->count];
    *made = (household){.name = dr_arena_text(&all->arena, name),
                        .region = n,
                        .factor = dr_arena_take(&all->arena, all->model->factors * sizeof(double)),
                        .spends = dr_arena_take(&all->arena, all->model->sectors * sizeof(double))};
    if (!made->name || !made->factor || !made->spends)
        return NULL;
    memset(made->factor, 0, all->model->factors * sizeof(double));
    memset(made->spends, 0, all->model->sectors * sizeof(double));
    all->count++;
    return made;
}

/* A source of income: a factor by its name, or public revenue. */
static dr_status take_income(households *all, household *h, const dr_csv *csv, int column, double value)
{
    const dr_model *m = all->model;
    const char *item = dr_csv_field(csv, (size_t)column);
    if (strcasecmp(item, "revenue") == 0) {
        h->revenue += value;
        return DR_OK;
    }
    for (size_t f = 0; f < m->factors; f++)
        if (strcasecmp(item, m->factors > 1 ? m->economy->factors.names[f] : "labour") == 0) {
            h->factor[f] += value;
            return DR_OK;
        }
    return dr_csv_fail(csv, column,
                       "unknown source of income '%.60s'; expected revenue or a factor of the model such as "
                       "'%s'",
                       item, m->factors > 1 ? m->economy->factors.names[0] : "labour");
}

static dr_status read_row(households *all, const dr_csv *csv, const int *columns)
{
    const dr_economy *e = all->model->economy;
    const char *kind = dr_csv_field(csv, (size_t)columns[KIND]), *name = dr_csv_field(csv, (size_t)columns[GROUP]);
    size_t n = 0, s = 0;
    double value = 0;
    if (!*name)
        return dr_csv_fail(csv, columns[GROUP], "the name of the group is missing");
    DR_TRY(dr_scenario_code(csv, columns[REGION], dr_select_region, &e->region_codes, e, &n));
    DR_TRY(dr_csv_number(csv, (size_t)columns[VALUE], &value));
    if (value < 0)
        return dr_csv_fail(csv, columns[VALUE], "a value of %g; expected 0 or more", value);
    household *h = find(all, n, name);
    if (!h)
        return dr_fail_memory();
    if (strcmp(kind, "people") == 0) {
        h->people += value;
        return DR_OK;
    }
    if (strcmp(kind, "income") == 0)
        return take_income(all, h, csv, columns[ITEM], value);
    if (strcmp(kind, "expenditure") != 0)
        return dr_csv_fail(csv, columns[KIND], "unknown kind '%.60s'; expected people, income or expenditure", kind);
    DR_TRY(dr_scenario_code(csv, columns[ITEM], dr_select_sector, &e->sector_codes, e, &s));
    h->spends[s] += value;
    return DR_OK;
}

/* Each group needs people, an income and a basket. */
static dr_status check(const households *all, const char *path)
{
    for (size_t i = 0; i < all->count; i++) {
        const household *h = &all->item[i];
        double income = 0, spends = 0;
        for (size_t f = 0; f < all->model->factors; f++)
            income += h->factor[f];
        for (size_t s = 0; s < all->model->sectors; s++)
            spends += h->spends[s];
        if (h->people > 0 && income > 0 && spends > 0)
            continue;
        return dr_fail(DR_BAD_INPUT,
                       "%s: the group '%s' of %s has no %s; expected rows of people, income and expenditure", path,
                       h->name, all->model->economy->region_codes.names[h->region],
                       !(h->people > 0) ? "people"
                       : !(income > 0)  ? "income from factors"
                                        : "expenditure");
    }
    return all->count ? DR_OK
                      : dr_fail(DR_BAD_INPUT,
                                "%s: no group of households; expected rows of region, group, kind, "
                                "item, value",
                                path);
}

static dr_status read_rows(households *all, dr_csv *csv)
{
    static const char *const names[INPUT_COLUMNS] = {"region", "group", "kind", "item", "value"};
    int columns[INPUT_COLUMNS];
    bool more = true;
    DR_TRY(dr_csv_header(csv, names, INPUT_COLUMNS, columns));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(read_row(all, csv, columns));
    }
}

static dr_status read_households(households *all, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = read_rows(all, csv);
    dr_csv_close(csv);
    return status == DR_OK ? check(all, path) : status;
}

/* ---- Incomes and prices ------------------------------------------------------------------------------------------ */

/* The CES price of a basket over base. */
static double basket_price(const dr_model *m, const dr_solution *solution, const household *h)
{
    double phi = m->nests.phi, sum = 0, all = 0;
    for (size_t s = 0; s < m->sectors; s++) {
        double price = solution->price[h->region * m->sectors + s];
        if (!(h->spends[s] > 0) || !(price > 0) || !isfinite(price))
            continue; /* a good without use in the region has no price */
        all += h->spends[s];
        sum += h->spends[s] * (phi == 1 ? log(price) : pow(price, 1 - phi));
    }
    if (!(all > 0))
        return 1;
    return phi == 1 ? exp(sum / all) : pow(sum / all, 1 / (1 - phi));
}

/* The income of a region that factors earn, in the file and in the model, and what its groups receive of revenue. */
typedef struct whole {
    double listed, revenue, people;
} whole;

static whole of_region(const households *all, size_t n)
{
    whole w = {0};
    for (size_t i = 0; i < all->count; i++) {
        const household *h = &all->item[i];
        for (size_t f = 0; f < all->model->factors && h->region == n; f++)
            w.listed += h->factor[f];
        w.revenue += h->region == n ? h->revenue : 0;
        w.people += h->region == n ? h->people : 0;
    }
    return w;
}

/* Income of a group before and after: of its factors, and its part of the region's revenue, rents and deficit. */
static void fill_incomes(household *h, const dr_solution *solution, const whole *w, double unit)
{
    const dr_model *m = solution->model;
    const dr_base *b = &m->base;
    size_t n = h->region;
    double listed = 0, scale = b->factor_income[n] / w->listed, now = 0;
    for (size_t f = 0; f < m->factors; f++) {
        double supply = 0, base = 0;
        for (size_t s = 0; s < m->sectors; s++) {
            supply += dr_solution_supply(solution, f, n, s);
            base += dr_factor_base(m, f, n, s);
        }
        listed += h->factor[f];
        now += scale * h->factor[f] * solution->factor_mean[f * m->regions + n] * (base > 0 ? supply / base : 1);
    }
    double part = listed / w->listed, public = w->revenue > 0 ? h->revenue / w->revenue : part;
    h->earns[0] = scale * listed + public * b->tariff_revenue[n] + part * b->deficit[n];
    h->earns[1] =
        unit * (now + public * solution->tariff_revenue[n] + part * (solution->rents[n] + solution->deficit[n]));
}

static void fill(households *all, const dr_solution *solution)
{
    dr_numeraire in = dr_solution_numeraire(solution);
    for (size_t i = 0; i < all->count; i++) {
        household *h = &all->item[i];
        whole w = of_region(all, h->region);
        double unit = dr_numeraire_of(&in, h->region);
        fill_incomes(h, solution, &w, unit);
        h->price = unit * basket_price(all->model, solution, h);
    }
}

/* ---- Inequality -------------------------------------------------------------------------------------------------- */

/* The Gini coefficient of income per person between the groups of a region: half the mean absolute difference over the
 * mean. `after`: of real income under the scenario. */
static double gini(const households *all, size_t n, bool after)
{
    double people = 0, income = 0, differ = 0;
    for (size_t i = 0; i < all->count; i++) {
        const household *a = &all->item[i];
        double each = (after ? a->earns[1] / a->price : a->earns[0]) / a->people;
        if (a->region != n)
            continue;
        people += a->people;
        income += a->people * each;
        for (size_t j = 0; j < all->count; j++) {
            const household *b = &all->item[j];
            double other = (after ? b->earns[1] / b->price : b->earns[0]) / b->people;
            differ += b->region == n ? a->people * b->people * fabs(each - other) : 0;
        }
    }
    return income > 0 ? differ / (2 * people * income) : NAN;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

enum { T_REGION, T_GROUP, T_PEOPLE, T_INCOME, T_NEW, T_CHANGE, T_PRICE, T_REAL, T_GINI, T_GINI_NEW, COLUMNS };

static const dr_column_spec table_columns[COLUMNS] = {
    [T_REGION] = {"region", DR_SHOW_TEXT},    [T_GROUP] = {"group", DR_SHOW_TEXT},
    [T_PEOPLE] = {"people", DR_SHOW_COUNT},   [T_INCOME] = {"income", DR_SHOW_NUMBER},
    [T_NEW] = {"income_new", DR_SHOW_NUMBER}, [T_CHANGE] = {"income_percent", DR_SHOW_PERCENT},
    [T_PRICE] = {"price", DR_SHOW_PERCENT},   [T_REAL] = {"real_income", DR_SHOW_PERCENT},
    [T_GINI] = {"gini", DR_SHOW_NUMBER},      [T_GINI_NEW] = {"gini_new", DR_SHOW_NUMBER}};

static size_t add_row(dr_table *table, const dr_model *m, const household *h)
{
    double money = dr_money_power(m->economy->unit ? m->economy->unit : "", NULL);
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, T_REGION, m->economy->region_codes.names[h->region]);
    dr_table_set_text(table, row, T_GROUP, h->name);
    dr_table_set_number(table, row, T_PEOPLE, h->people);
    dr_table_set_number(table, row, T_INCOME, money * h->earns[0] / h->people);
    dr_table_set_number(table, row, T_NEW, money * h->earns[1] / h->people);
    dr_table_set_number(table, row, T_CHANGE, dr_percent(h->earns[1] / h->earns[0]));
    dr_table_set_number(table, row, T_PRICE, dr_percent(h->price));
    dr_table_set_number(table, row, T_REAL, dr_percent(h->earns[1] / h->earns[0] / h->price));
    return row;
}

/* The groups of a region, then all of them. */
static void add_region(dr_table *table, const households *all, size_t n)
{
    household sum = {.name = "all", .region = n};
    double real = 0;
    for (size_t i = 0; i < all->count; i++) {
        const household *h = &all->item[i];
        if (h->region != n)
            continue;
        add_row(table, all->model, h);
        sum.people += h->people;
        sum.earns[0] += h->earns[0];
        sum.earns[1] += h->earns[1];
        real += h->earns[1] / h->price;
    }
    if (!(sum.people > 0))
        return;
    sum.price = sum.earns[1] / real;
    size_t row = add_row(table, all->model, &sum);
    dr_table_set_kind(table, row, DR_ROW_TOTAL);
    dr_table_set_number(table, row, T_GINI, gini(all, n, false));
    dr_table_set_number(table, row, T_GINI_NEW, gini(all, n, true));
}

/* Which group loses or gains most. */
static void say(dr_table *table, const households *all)
{
    static const char *const does[] = {"loses", "gains"};
    const household *ends[2] = {NULL, NULL};
    char percent[DR_PERCENT_SIZE], region[DR_SPOKEN_SIZE];
    double most[2] = {INFINITY, -INFINITY};
    for (size_t i = 0; i < all->count; i++) {
        const household *h = &all->item[i];
        double real = dr_percent(h->earns[1] / h->earns[0] / h->price);
        for (int k = 0; k < 2; k++)
            if (k ? real > most[k] : real < most[k]) {
                most[k] = real;
                ends[k] = h;
            }
    }
    for (int k = 0; k < (ends[0] == ends[1] ? 1 : 2) && ends[k]; k++)
        dr_table_say(table, "The group %.60s in %s %s%s: %s of real income.", ends[k]->name,
                     dr_spoken(region, all->model->economy, all->model->economy->region_codes.names[ends[k]->region]),
                     does[most[k] > 0], k == (most[k] > 0) ? " most" : " least", dr_percent_words(percent, most[k]));
}

static void describe(dr_table *table, const households *all, const dr_solution *solution)
{
    const char *unit = NULL;
    (void)dr_money_power(all->model->economy->unit ? all->model->economy->unit : "", &unit);
    dr_solution_describe(table, solution, "households");
    dr_table_set_unit(table, unit);
    dr_table_add_note(table,
                      "income: per person, of factors, revenue and the deficit of the region; price: that of the "
                      "group's own basket; gini: the Gini coefficient of real income per person between the "
                      "groups");
    say(table, all);
}

dr_status dr_solution_households(dr_table **out, const dr_solution *solution, const char *path)
{
    DR_TRY(DR_GIVEN(out, solution, path));
    dr_table *table = NULL;
    households all = {.model = solution->model};
    dr_status status = read_households(&all, path);
    if (status == DR_OK)
        status = dr_table_new(&table, table_columns, COLUMNS);
    if (status == DR_OK) {
        fill(&all, solution);
        for (size_t n = 0; n < solution->model->regions; n++)
            add_region(table, &all, n);
        describe(table, &all, solution);
    }
    dr_arena_free(&all.arena);
    free(all.item);
    return dr_table_finish(out, table, status);
}
