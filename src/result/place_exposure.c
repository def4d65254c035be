/* Places within regions, by their employment shares: what the change of sectors in a region means for each worker of a
 * place, as in the literature on the local effects of trade. With L[p,s] workers of place p in sector s, of region n,
 *
 *   exposure[p] = sum over s of L[p,s] / L[p] d V[n,s] / L[n,s],   d jobs[p] = sum over s of L[p,s] d ln L[n,s]
 *
 * where V is value added and L[n,s] the workers of the region: the account of jobs, or else the sum over its places. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/money.h"
#include "base/names.h"
#include "result/answer.h"
#include "result/result.h"
#include "scenario/scenario.h"
#include "world/describe.h"

enum { PLACE, REGION, SECTOR, WORKERS, INPUT_COLUMNS };

/* The places of a file in their order. */
typedef struct places {
    const dr_economy *economy;
    dr_names names;
    size_t *region; /* [place] */
    double *worker; /* [place, sector] */
    double *all;    /* [n, s] of all places */
    size_t region_capacity, worker_capacity;
} places;

static void places_free(places *p)
{
    dr_names_free(&p->names);
    free(p->region);
    free(p->worker);
    free(p->all);
}

/* The place of a row, which is added where it is new. */
static dr_status find_place(places *p, const dr_csv *csv, int column, size_t n, size_t *place)
{
    const char *name = dr_csv_field(csv, (size_t)column);
    int found = dr_names_find(&p->names, name);
    size_t sectors = p->economy->sectors, count = p->names.count;
    if (!*name)
        return dr_csv_fail(csv, column, "the name of the place is missing");
    if (found >= 0 && p->region) {
        *place = (size_t)found;
        if (p->region[found] == n)
            return DR_OK;
        return dr_csv_fail(csv, column, "'%.60s' is in %s as well; expected a name for each place", name,
                           p->economy->region_codes.names[p->region[found]]);
    }
    if (dr_names_add(&p->names, name) < 0 ||
        !dr_grow((void **)&p->region, &p->region_capacity, count + 1, sizeof *p->region) ||
        !dr_grow((void **)&p->worker, &p->worker_capacity, (count + 1) * sectors, sizeof *p->worker))
        return dr_fail_memory();
    memset(p->worker + count * sectors, 0, sectors * sizeof *p->worker);
    p->region[count] = n;
    *place = count;
    return DR_OK;
}

static dr_status read_row(places *p, const dr_csv *csv, const int *columns)
{
    const dr_economy *e = p->economy;
    dr_names regions = e->region_codes, sectors = e->sector_codes;
    size_t n = 0, s = 0, place = 0;
    double workers = 0;
    DR_TRY(dr_scenario_code(csv, columns[REGION], dr_select_region, &regions, e, &n));
    DR_TRY(dr_scenario_code(csv, columns[SECTOR], dr_select_sector, &sectors, e, &s));
    DR_TRY(dr_csv_number(csv, (size_t)columns[WORKERS], &workers));
    if (workers < 0)
        return dr_csv_fail(csv, columns[WORKERS], "%g workers; expected 0 or more", workers);
    DR_TRY(find_place(p, csv, columns[PLACE], n, &place));
    p->worker[place * e->sectors + s] += workers;
    p->all[n * e->sectors + s] += workers;
    return DR_OK;
}

static dr_status read_rows(places *p, dr_csv *csv)
{
    static const char *const names[INPUT_COLUMNS] = {"place", "region", "sector", "workers"};
    int columns[INPUT_COLUMNS];
    bool more = true;
    if (!(p->all = dr_new_doubles(p->economy->regions * p->economy->sectors)))
        return dr_fail_memory();
    DR_TRY(dr_csv_header(csv, names, INPUT_COLUMNS, columns));
    for (;;) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            break;
        DR_TRY(read_row(p, csv, columns));
    }
    return p->names.count ? DR_OK
                          : dr_csv_fail(csv, -1,
                                        "no place in the file; expected rows of place, region, sector, "
                                        "workers");
}

static dr_status read_places(places *p, const char *path)
{
    dr_csv *csv = NULL;
    DR_TRY(dr_csv_open(&csv, path));
    dr_status status = read_rows(p, csv);
    dr_csv_close(csv);
    return status;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

enum { OUT_PLACE, OUT_REGION, OUT_WORKERS, OUT_EXPOSURE, OUT_JOBS, OUT_PERCENT, OUT_COLUMNS };

static const dr_column_spec table_columns[OUT_COLUMNS] = {
    [OUT_PLACE] = {"place", DR_SHOW_TEXT},       [OUT_REGION] = {"region", DR_SHOW_TEXT},
    [OUT_WORKERS] = {"workers", DR_SHOW_COUNT},  [OUT_EXPOSURE] = {"exposure", DR_SHOW_NUMBER},
    [OUT_JOBS] = {"jobs_change", DR_SHOW_COUNT}, [OUT_PERCENT] = {"jobs_percent", DR_SHOW_PERCENT}};

static void add_place(dr_table *table, const dr_solution *solution, const places *p, size_t place, double unit)
{
    const dr_model *m = solution->model;
    size_t n = p->region[place];
    double workers = 0, exposure = 0, jobs = 0;
    for (size_t s = 0; s < m->sectors; s++) {
        size_t cell = n * m->sectors + s;
        double here = p->worker[place * m->sectors + s], known = m->economy->jobs ? m->economy->jobs[cell] : 0;
        double all = known > 0 ? known : p->all[cell];
        workers += here;
        if (!(here > 0) || !(m->base.value_added[cell] > 0))
            continue;
        exposure += here * (solution->value_added[cell] * unit - m->base.value_added[cell]) / all;
        jobs += here * (dr_solution_sector_employment(solution, n, s) - 1);
    }
    double money = dr_money_power(m->economy->unit ? m->economy->unit : "", NULL);
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, OUT_PLACE, p->names.names[place]);
    dr_table_set_text(table, row, OUT_REGION, m->economy->region_codes.names[n]);
    dr_table_set_number(table, row, OUT_WORKERS, workers);
    dr_table_set_number(table, row, OUT_EXPOSURE, workers > 0 ? money * exposure / workers : NAN);
    dr_table_set_number(table, row, OUT_JOBS, jobs);
    dr_table_set_number(table, row, OUT_PERCENT, workers > 0 ? 100 * jobs / workers : NAN);
}

dr_status dr_solution_places(dr_table **out, const dr_solution *solution, const char *path)
{
    DR_TRY(DR_GIVEN(out, solution, path));
    const dr_model *m = solution->model;
    dr_numeraire in = dr_solution_numeraire(solution);
    dr_table *table = NULL;
    places p = {.economy = m->economy};
    dr_status status = read_places(&p, path);
    if (status == DR_OK)
        status = dr_table_new(&table, table_columns, OUT_COLUMNS);
    for (size_t place = 0; place < p.names.count && status == DR_OK; place++)
        add_place(table, solution, &p, place, dr_numeraire_of(&in, p.region[place]));
    if (status == DR_OK) {
        const char *unit = NULL;
        (void)dr_money_power(m->economy->unit ? m->economy->unit : "", &unit);
        dr_solution_describe(table, solution, "places");
        dr_table_set_unit(table, unit);
        dr_table_add_note(
            table, "exposure: change of value added for each worker of the place, from those of the sectors in its "
                   "region and the place's shares of employment; jobs_change: at the sectors' changes of "
                   "employment");
        if (!m->economy->jobs)
            dr_table_add_note(table,
                              "the world has no account of jobs: workers of a region are the sum over its places");
    }
    places_free(&p);
    return dr_table_finish(out, table, status);
}
