/* Presets: the nests of a named model, and the settings of a horizon, from data/elasticities/presets. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/print.h"
#include "model/model.h"
#include "model/one_good.h"
#include "model/presets.h"

/* Calls `read` on the row of an embedded table whose first column is `name`. */
typedef dr_status read_row(dr_model *model, const dr_csv *csv, const int *columns, void *user);

enum { MOST_ROWS = 16 };

static dr_status find_row(dr_csv *csv, const char *name, const char *const *columns, size_t count, read_row *read,
                          dr_model *model, void *user)
{
    int at[8];
    bool more = true;
    char names[MOST_ROWS][64], hint[DR_HINT_SIZE];
    const char *candidates[MOST_ROWS];
    size_t rows = 0;
    DR_TRY(dr_csv_header(csv, columns, count, at));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        const char *found = dr_csv_field(csv, (size_t)at[0]);
        if (strcmp(found, name) == 0)
            return read(model, csv, at, user);
        if (rows < MOST_ROWS) {
            snprintf(names[rows], sizeof names[rows], "%s", found);
            candidates[rows] = names[rows];
            rows++;
        }
    }
    return dr_fail(DR_BAD_INPUT, "unknown %s '%s'%s", columns[0], name, dr_hint(hint, name, candidates, rows));
}

static dr_status use_row(const char *file, const char *name, const char *const *columns, size_t count, read_row *read,
                         dr_model *model, void *user)
{
    dr_csv *csv = NULL;
    const dr_embedded *table = dr_embedded_find(file);
    if (!table)
        return dr_fail(DR_MACHINE, "%s is not built in", file);
    DR_TRY(dr_csv_open_memory(&csv, file, table->bytes, table->size));
    dr_status status = find_row(csv, name, columns, count, read, model, user);
    dr_csv_close(csv);
    return status;
}

static dr_status read_model(dr_model *m, const dr_csv *csv, const int *at, void *user)
{
    double eta, rho;
    (void)user;
    if (strcmp(dr_csv_field(csv, (size_t)at[4]), "one") == 0)
        DR_TRY(dr_one_good_take(m));
    m->nests.eta = dr_arena_take(&m->arena, m->sectors * sizeof(double));
    m->nests.rho = dr_arena_take(&m->arena, m->sectors * sizeof(double));
    if (!m->nests.eta || !m->nests.rho)
        return dr_fail_memory();
    DR_TRY(dr_csv_number(csv, (size_t)at[1], &eta));
    DR_TRY(dr_csv_number(csv, (size_t)at[2], &rho));
    DR_TRY(dr_csv_number(csv, (size_t)at[3], &m->nests.phi));
    for (size_t s = 0; s < m->sectors; s++) {
        m->nests.eta[s] = eta;
        m->nests.rho[s] = rho;
    }
    DR_TRY(dr_csv_number(csv, (size_t)at[5], &m->nests.sigma));
    m->inverse_scale = strcmp(dr_csv_field(csv, (size_t)at[6]), "inverse") == 0;
    m->nests.cobb_douglas = eta == 1 && rho == 1 && m->nests.phi == 1;
    return DR_OK;
}

/* Keeps the texts of a horizon: they outlive the table. */
typedef struct horizon {
    const char *elasticity, *model;
} horizon;

/* A mobility: a number, or "inf". */
static dr_status read_mobility(const dr_csv *csv, int column, double *psi)
{
    *psi = INFINITY;
    return strcmp(dr_csv_field(csv, (size_t)column), "inf") == 0 ? DR_OK : dr_csv_number(csv, (size_t)column, psi);
}

static dr_status read_horizon(dr_model *m, const dr_csv *csv, const int *at, void *user)
{
    horizon *h = user;
    DR_TRY(read_mobility(csv, at[1], &m->nests.psi));
    DR_TRY(read_mobility(csv, at[4], &m->nests.psi_other));
    DR_TRY(dr_csv_number(csv, (size_t)at[5], &m->nests.thin));
    if (*dr_csv_field(csv, (size_t)at[6]))
        DR_TRY(dr_csv_number(csv, (size_t)at[6], &m->nests.between_products));
    h->elasticity = dr_arena_text(&m->arena, dr_csv_field(csv, (size_t)at[2]));
    h->model = dr_arena_text(&m->arena, dr_csv_field(csv, (size_t)at[3]));
    return h->elasticity && h->model ? DR_OK : dr_fail_memory();
}

/* The share of base use below which a market is thin: as asked, else the horizon's. */
static dr_status take_thin(dr_nests *nests, const char *text)
{
    double share = 0;
    if (!text)
        return DR_OK;
    dr_status status = dr_parse_rate(text, &share);
    if (status == DR_OK && !(share >= 0 && share < 1))
        status =
            dr_fail(DR_BAD_INPUT, "'%.40s' is not a share of base use; expected 0%% or more and less than 100%%", text);
    nests->thin = share;
    return status == DR_OK ? DR_OK : dr_fail_at(status, "thin markets");
}

dr_status dr_presets_fill(dr_model *m, const char **elasticity)
{
    const dr_model_options *options = &m->options;
    static const char *const of_horizon[] = {"horizon",   "psi",          "trade_elasticity",    "model",
                                             "psi_other", "thin_markets", "product_substitution"};
    static const char *const of_model[] = {"model", "eta", "rho", "phi", "goods", "sigma", "scale"};
    horizon h = {NULL, "caliendo-parro"};
    m->nests.psi = m->nests.psi_other = INFINITY;
    m->nests.between_products = NAN;
    if (options->horizon)
        DR_TRY(use_row("elasticities/presets/horizons.csv", options->horizon, of_horizon, 7, read_horizon, m, &h));
    DR_TRY(take_thin(&m->nests, options->thin_markets));
    m->preset = options->model ? options->model : dr_arena_text(&m->arena, h.model);
    if (!m->preset)
        return dr_fail_memory();
    *elasticity = options->elasticity ? options->elasticity : h.elasticity;
    return use_row("elasticities/presets/models.csv", m->preset, of_model, 7, read_model, m, NULL);
}

/* Which version of the published numbers a set has. */
static dr_status note_version(dr_model *m, const dr_csv *csv, const int *at, void *user)
{
    return dr_model_note(m, "trade elasticities %s: %s", (const char *)user, dr_csv_field(csv, (size_t)at[1]));
}

dr_status dr_presets_note_set(dr_model *m, const char *set)
{
    static const char *const columns[] = {"set", "version"};
    char name[128];
    dr_print_text(name, sizeof name, "%s", set);
    return use_row("elasticities/presets/sets.csv", set, columns, 2, note_version, m, name);
}
