/* A solution as an object: the parts of the scenario that its results need, its memory, and employment. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/solution.h"
#include "model/factors.h"
#include "model/prices.h"
#include "model/tier.h"
#include "scenario/product_change.h"

dr_barrier *dr_solution_barrier(const dr_solution *solution, size_t flow)
{
    size_t low = 0, high = solution->barrier_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (solution->barriers[middle].flow < flow)
            low = middle + 1;
        else
            high = middle;
    }
    return low < solution->barrier_count && solution->barriers[low].flow == flow ? &solution->barriers[low] : NULL;
}

double dr_solution_consumer_price(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    const double *share = solution->final_share ? solution->final_share : m->final_share;
    return dr_final_price(m, share, solution->price, n);
}

double dr_solution_supply(const dr_solution *solution, size_t f, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    double times = solution->supplied ? solution->supplied[(f * m->regions + n) * m->sectors + s] : 1;
    return dr_factor_base(m, f, n, s) * times;
}

double dr_solution_factor_supply(const dr_solution *solution, size_t n)
{
    double sum = 0;
    for (size_t f = 0; f < solution->model->factors; f++)
        for (size_t s = 0; s < solution->model->sectors; s++)
            sum += dr_solution_supply(solution, f, n, s);
    return sum;
}

double dr_solution_input_cost(const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    size_t cell = n * m->sectors + s;
    double used = solution->cost[cell] - (solution->carbon ? solution->carbon[cell] : 0);
    double cost = used * (solution->productivity ? solution->productivity[cell] : 1);
    double mu = m->scale ? m->scale[s] : 0, base = m->reach ? m->base.value_added[cell] : m->base.output[cell];
    double size = m->reach ? solution->value_added[cell] : solution->output[cell];
    return mu > 0 && base > 0 ? pow(cost * pow(size / base, mu), 1 / (1 + mu)) : cost;
}

double dr_solution_carbon_paid(const dr_solution *solution, size_t cell)
{
    return solution->carbon ? solution->carbon[cell] / solution->cost[cell] * solution->output[cell] : 0;
}

double dr_solution_net_sales(const dr_solution *solution, size_t cell)
{
    double part = dr_cost_part(solution->model, cell % solution->model->sectors);
    return part * solution->output[cell] - dr_solution_carbon_paid(solution, cell);
}

double dr_limit_mean_wedge(const dr_limit_result *limit)
{
    double rent = (limit->wedge - 1) * limit->in_quota;
    return limit->rent_to == DR_RENT_IMPORTER ? limit->wedge / (limit->wedge - rent) : 1 + rent;
}

/* The factor on the trade cost of a flow; of a ban, that which leaves (1 - part)^4 of it. */
static double times_of(const dr_scenario *scenario, double theta, size_t flow, double part)
{
    if (scenario->change[flow] & DR_CHANGE_BAN)
        return part == 1 ? INFINITY : pow(1 - part, -4 / theta);
    double times = dr_scenario_times(scenario, flow, theta);
    return part == 1 ? times : pow(times, part);
}

/* The flows of which products have rents of their exporter. */
static void rent_products(dr_solution *solution, const dr_scenario *scenario)
{
    const dr_model *m = solution->model;
    for (size_t j = 0; j < solution->barrier_count; j++) {
        dr_barrier *barrier = &solution->barriers[j];
        size_t n = barrier->flow / m->sectors / m->regions, i = barrier->flow / m->sectors % m->regions,
               block = barrier->flow % m->sectors * m->regions + n;
        double earned = 0, value = 0;
        if (!solution->limited_row_count || !dr_product_wedges_of(scenario, barrier->flow))
            continue;
        for (size_t row = dr_tier_first(m->tier, block); row < dr_tier_end(m->tier, block); row++)
            if (m->tier->origin[row] == i) {
                earned += solution->product_flow[row];
                value += solution->product_flow[row] * dr_solution_row_border(solution, row);
            }
        barrier->rented = earned > 0 ? value / earned : 1;
    }
}

static const dr_limited_row *limited_row(const dr_solution *solution, size_t row)
{
    size_t low = 0, high = solution->limited_row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (solution->limited_rows[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < solution->limited_row_count && solution->limited_rows[low].row == row;
    return found ? &solution->limited_rows[low] : NULL;
}

double dr_solution_row_border(const dr_solution *solution, size_t row)
{
    const dr_limited_row *found = limited_row(solution, row);
    return found ? found->border : 1;
}

size_t dr_solution_row_limit(const dr_solution *solution, size_t row)
{
    const dr_limited_row *found = limited_row(solution, row);
    return found ? found->limit : 0;
}

dr_status dr_solution_keep_barriers(dr_solution *solution, const dr_scenario *scenario, double part)
{
    const int kinds = DR_CHANGE_COST | DR_CHANGE_BAN | DR_CHANGE_WEDGES;
    const dr_model *m = solution->model;
    size_t flows = m->regions * m->regions * m->sectors, count = 0;
    for (size_t flow = 0; scenario && flow < flows; flow++)
        count += (scenario->change[flow] & kinds) != 0;
    if (count == 0)
        return DR_OK;
    solution->barriers = dr_new(count, sizeof *solution->barriers);
    if (!solution->barriers)
        return dr_fail_memory();
    for (size_t flow = 0; flow < flows; flow++) {
        int change = scenario->change[flow];
        if (change & kinds)
            solution->barriers[solution->barrier_count++] = (dr_barrier){
                .flow = flow, .times = times_of(scenario, m->theta[flow % m->sectors], flow, part), .rented = 1};
    }
    for (size_t c = 0; c < scenario->limit_count; c++)
        for (size_t j = 0; j < scenario->limits[c].count && !scenario->limits[c].rows; j++) {
            dr_barrier *barrier = dr_solution_barrier(solution, scenario->limits[c].flows[j]);
            barrier->limit = c + 1;
            if (c < solution->limit_count && scenario->limits[c].rent == DR_RENT_EXPORTER)
                barrier->rented = dr_limit_mean_wedge(&solution->limits[c]);
        }
    rent_products(solution, scenario);
    return DR_OK;
}

static dr_status keep_note(dr_solution *solution, const char *note)
{
    solution->notes[solution->note_count] = strdup(note);
    return solution->notes[solution->note_count++] ? DR_OK : dr_fail_memory();
}

/* The notes on flows between members of a group that the scenario leaves unchanged, or includes. */
static dr_status keep_insiders(dr_solution *solution, const dr_scenario *scenario)
{
    for (int included = 0; included < 2; included++) {
        char *note = NULL;
        DR_TRY(dr_scenario_insiders(&note, scenario, included));
        dr_status status = note ? keep_note(solution, note) : DR_OK;
        free(note);
        DR_TRY(status);
    }
    return DR_OK;
}

static dr_status keep_notes(dr_solution *solution, const dr_scenario *scenario)
{
    if (!scenario)
        return DR_OK;
    solution->notes = dr_new(scenario->note_count + 3, sizeof *solution->notes);
    if (!solution->notes)
        return dr_fail_memory();
    for (size_t i = 0; i < scenario->note_count; i++)
        DR_TRY(keep_note(solution, scenario->notes[i]));
    if (dr_scenario_products(scenario) && !solution->model->tier)
        DR_TRY(keep_note(solution, "tariffs on products are averaged into those of their sectors by the trade of each "
                                   "pair, t' = t + part (t'[products] - t)"));
    DR_TRY(keep_insiders(solution, scenario));
    return dr_named_merge(&solution->named, &scenario->named, scenario->economy->regions);
}

dr_status dr_solution_add_note(dr_solution *solution, const char *note)
{
    char **notes = realloc(solution->notes, (solution->note_count + 1) * sizeof *notes);
    if (!notes)
        return dr_fail_memory();
    solution->notes = notes;
    return keep_note(solution, note);
}

dr_status dr_solution_keep(dr_solution *solution, const dr_scenario *scenario, const dr_scenario *given)
{
    DR_TRY(dr_solution_keep_barriers(solution, scenario, 1));
    return keep_notes(solution, given);
}

void dr_solution_free(dr_solution *s)
{
    if (!s)
        return;
    double *arrays[] = {s->flow, s->tariff,      s->price,       s->cost,           s->output,  s->spending,
                        s->wage, s->sector_wage, s->value_added, s->tariff_revenue, s->deficit, s->income};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    free(s->rents);
    free(s->profits);
    free(s->product_flow);
    free(s->product_price);
    free(s->factor_wage);
    free(s->factor_pay);
    free(s->factor_mean);
    free(s->employment);
    free(s->limits);
    free(s->limited_rows);
    free(s->rows);
    free(s->pooled);
    free(s->barriers);
    free(s->thin);
    free(s->productivity);
    free(s->carbon);
    free(s->carbon_left);
    free(s->supplied);
    free(s->final_share);
    for (size_t i = 0; i < s->note_count; i++)
        free(s->notes[i]);
    free(s->notes);
    dr_named_free(&s->named);
    free(s->scenario);
    free(s);
}

void dr_solution_certificate(const dr_solution *solution, dr_certificate *certificate)
{
    if (certificate)
        *certificate = solution ? solution->certificate : (dr_certificate){0};
}

double dr_solution_employment(const dr_solution *solution, size_t n)
{
    const dr_model *m = solution->model;
    double employed = 0, supplied = 0;
    for (size_t f = 0; f < m->factors; f++)
        for (size_t s = 0; s < m->sectors && dr_factor_is_labour(m, f); s++) {
            size_t at = (f * m->regions + n) * m->sectors + s;
            double psi = dr_factor_mobility(m, f), part = solution->employment[at],
                   supply = dr_solution_supply(solution, f, n, s);
            if (!isinf(psi) && supply > 0)
                supply *= pow(solution->factor_wage[at] * part / solution->factor_mean[f * m->regions + n], psi);
            supplied += supply;
            employed += supply * part;
        }
    return supplied > 0 ? employed / supplied : 1;
}

double dr_solution_sector_employment(const dr_solution *solution, size_t n, size_t s)
{
    const dr_model *m = solution->model;
    double employed = 0, base = 0;
    for (size_t f = 0; f < m->factors; f++) {
        size_t at = (f * m->regions + n) * m->sectors + s;
        if (!dr_factor_is_labour(m, f))
            continue;
        base += dr_factor_base(m, f, n, s);
        employed += solution->factor_pay[at] / solution->factor_wage[at];
    }
    return base > 0 ? employed / base : 1;
}

dr_status dr_solution_set_title(dr_solution *solution, const char *title)
{
    char *copy = strdup(title);
    if (!copy)
        return dr_fail_memory();
    free(solution->scenario);
    solution->scenario = copy;
    return DR_OK;
}
