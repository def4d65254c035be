#include "equilibrium/several.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/print.h"
#include "equilibrium/equilibrium.h"

/* Starts: unit costs over those of the solution, up and down by this much, by region, by sector and by both. */
enum { STARTS = 3 };
static const double APART = 0.1;

/* Two solutions whose unit costs differ by more than this are two. */
static const double DIFFERENT = 1e-6;

static bool may_be_several(const dr_model *m)
{
    bool scale = false, inputs = false;
    for (size_t s = 0; s < m->sectors && m->scale; s++)
        scale |= m->scale[s] > 0;
    for (size_t j = 0; j < m->sectors * m->stride && scale; j++)
        inputs |= m->bundle_share[j] > 0;
    return inputs;
}

static bool goes_up(int start, size_t n, size_t s)
{
    return (start == 0 ? n : start == 1 ? s : n + s) % 2 == 0;
}

/* The largest difference of unit costs, in logs; `worst` is its place [n, s]. */
static double distance(const dr_solution *a, const dr_solution *b, size_t *worst)
{
    double most = 0;
    for (size_t cell = 0; cell < a->model->regions * a->model->sectors; cell++) {
        double apart = fabs(log(a->cost[cell] / b->cost[cell]));
        if (a->model->base.output[cell] > 0 && apart > most) {
            most = apart;
            *worst = cell;
        }
    }
    return most;
}

/* Searches from one start; what it finds stays in *other, NULL if nothing. */
static dr_status search_from(int start, dr_solution *solution, const dr_scenario *scenario, dr_solution **other)
{
    const dr_model *m = solution->model;
    size_t cells = m->regions * m->sectors;
    double *kept = dr_new_doubles(cells);
    *other = dr_new(1, sizeof **other);
    if (!kept || !*other) {
        free(kept);
        return dr_fail_memory();
    }
    memcpy(kept, solution->cost, cells * sizeof *kept);
    for (size_t cell = 0; cell < cells; cell++)
        solution->cost[cell] *= exp(goes_up(start, cell / m->sectors, cell % m->sectors) ? APART : -APART);
    dr_status status = dr_equilibrium_solve(*other, m, scenario, 1, solution);
    memcpy(solution->cost, kept, cells * sizeof *kept);
    free(kept);
    if (status != DR_OK) {
        dr_solution_free(*other);
        *other = NULL;
    }
    return status == DR_NO_SOLUTION ? DR_OK : status;
}

static dr_status tell(dr_solution *solution, int found, const dr_solution *another, size_t worst)
{
    const dr_economy *e = solution->model->economy;
    char text[512];
    size_t n = worst / e->sectors, s = worst % e->sectors;
    if (another)
        dr_print_text(text, sizeof text,
                      "scale economies with inputs: there is another equilibrium, which a search from other unit costs "
                      "finds; the unit cost of %s (%s) in %s changes by %.2f%% here and by %.2f%% there",
                      e->sector_codes.names[s], dr_economy_sector(e, s), e->region_codes.names[n],
                      100 * (solution->cost[worst] - 1), 100 * (another->cost[worst] - 1));
    else
        dr_print_text(
            text, sizeof text,
            "scale economies with inputs may have several equilibria: of %d searches that begin at unit costs "
            "%.0f%% higher or lower, %d end at this one, and none at another",
            (int)STARTS, 100 * APART, found);
    return dr_solution_add_note(solution, text);
}

dr_status dr_several_starts(dr_solution *solution, const dr_scenario *scenario)
{
    size_t worst = 0;
    int found = 0;
    if (!may_be_several(solution->model))
        return DR_OK;
    for (int start = 0; start < STARTS; start++) {
        dr_solution *other = NULL;
        DR_TRY(dr_cancel_check());
        DR_TRY(search_from(start, solution, scenario, &other));
        bool differs = other && distance(solution, other, &worst) > DIFFERENT;
        dr_status status = differs ? tell(solution, found, other, worst) : DR_OK;
        found += other != NULL;
        dr_solution_free(other);
        if (differs)
            return status;
    }
    return tell(solution, found, NULL, worst);
}
