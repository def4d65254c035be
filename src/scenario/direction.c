#include "scenario/direction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "scenario/change_parts.h"
#include "world/walk.h"
#include "world/world.h"

/* Codes of gross fixed capital formation and of changes in inventories and valuables in the tables that derisk reads;
 * all other uses are consumption. */
static const char *const investment[] = {"GFCF", "INVNT", "INVEN", "P51G", "P5M", "P51", "P52",
                                         "P53",  "c41",   "c42",   "F4",   "F5",  NULL};

enum { FROM, TO, ALL, SUMS };

/* What is bought for each of both uses, and for all, as the walk over the table adds it up. */
typedef struct turn {
    const dr_economy *e;
    bool *use[2];       /* [use] */
    double *sums[SUMS]; /* [n, k] */
} turn;

static bool is_investment(const char *code)
{
    for (size_t i = 0; investment[i]; i++)
        if (strcmp(code, investment[i]) == 0)
            return true;
    return false;
}

/* The uses that a text means. */
static dr_status mark_uses(const dr_names *uses, const char *text, bool *marked)
{
    char hint[DR_HINT_SIZE];
    bool any = false, consumes = strcmp(text, "consumption") == 0, invests = strcmp(text, "investment") == 0;
    for (size_t f = 0; f < uses->count; f++) {
        const char *code = uses->names[f];
        marked[f] = strcmp(code, text) == 0 || (consumes && !is_investment(code)) || (invests && is_investment(code));
        any |= marked[f];
    }
    if (any)
        return DR_OK;
    if (uses->count == 0)
        return dr_fail(DR_BAD_INPUT, "this world does not tell final uses apart; expected an inter-country table");
    return dr_fail(DR_BAD_INPUT, "'%.60s' is no final use of this world; expected consumption, investment or a code%s",
                   text, dr_hint(hint, text, (const char *const *)uses->names, uses->count));
}

/* i, s, n, use: as the model reads final use, negative cells as zero and with duties. */
static void add_uses(dr_walk *w, const double *values)
{
    turn *t = w->user;
    size_t r = t->e->regions, s = t->e->sectors;
    for (size_t row = 0; row < w->rows; row++) {
        size_t i = w->index[0][row], k = w->index[1][row], n = w->index[2][row], use = w->index[3][row];
        double rate = t->e->tariff ? t->e->tariff[(n * r + i) * s + k] : 0;
        double value = values[row] > 0 ? values[row] * (1 + rate) : 0;
        t->sums[ALL][n * s + k] += value;
        for (int side = FROM; side <= TO; side++)
            t->sums[side][n * s + k] += t->use[side][use] ? value : 0;
    }
}

static dr_status read_uses(turn *t, const dr_change *c, const dr_world *world)
{
    const dr_names *uses = &world->layout.uses;
    const char *texts[] = {c->from_use, c->to_use};
    for (int side = FROM; side <= TO; side++) {
        t->use[side] = dr_new(uses->count + 1, sizeof(bool));
        if (!t->use[side])
            return dr_fail_memory();
        DR_TRY(mark_uses(uses, texts[side], t->use[side]));
    }
    for (size_t f = 0; f < uses->count; f++)
        if (t->use[FROM][f] && t->use[TO][f])
            return dr_fail(DR_BAD_INPUT, "the use %s is among those that demand turns from and to", uses->names[f]);
    for (int sum = 0; sum < SUMS; sum++)
        if (!(t->sums[sum] = dr_new_doubles(t->e->regions * t->e->sectors)))
            return dr_fail_memory();
    dr_walk walk = {.table = "final", .add = add_uses, .user = t};
    return dr_walk_run(&walk, world, t->e->year);
}

/* The shift of one region. A baseline has changed what is bought of a good, not for which use. */
static dr_status turn_region(dr_scenario *sc, const dr_change *c, turn *t, size_t n)
{
    const dr_economy *e = t->e;
    double sums[SUMS] = {0};
    for (size_t k = 0; k < e->sectors; k++) {
        size_t cell = n * e->sectors + k;
        double scale = t->sums[ALL][cell] > 0 ? e->final[cell] / t->sums[ALL][cell] : 0;
        for (int sum = 0; sum < SUMS; sum++)
            sums[sum] += t->sums[sum][cell] *= scale;
    }
    double moved = c->amount * sums[ALL];
    if (!(sums[TO] > 0) || !(moved < sums[FROM]))
        return dr_fail(
            DR_BAD_INPUT,
            "change %zu (direction): %s is %.2f%% of the final demand of %s; expected less than that to turn "
            "from it, and some of the other use",
            sc->changes, c->from_use, 100 * sums[FROM] / sums[ALL], e->region_codes.names[n]);
    for (size_t k = 0; k < e->sectors; k++) {
        size_t cell = n * e->sectors + k;
        double all = t->sums[ALL][cell];
        if (all > 0)
            DR_TRY(dr_scenario_shift_demand(
                sc, c, n, k, 1 + moved * (t->sums[TO][cell] / sums[TO] - t->sums[FROM][cell] / sums[FROM]) / all));
    }
    return DR_OK;
}

dr_status dr_scenario_turn(dr_scenario *sc, const dr_change *c)
{
    const dr_economy *e = sc->economy;
    turn t = {.e = e};
    dr_world *world = NULL;
    if (!*e->world)
        return dr_fail(DR_BAD_INPUT, "a direction of final demand needs the uses of a world, and this economy is of no "
                                     "file; expected 'demand'");
    DR_TRY(dr_world_open(&world, e->world));
    dr_status status = read_uses(&t, c, world);
    for (size_t n = 0; n < e->regions && status == DR_OK; n++)
        if (c->by[n])
            status = turn_region(sc, c, &t, n);
    for (int side = FROM; side <= TO; side++)
        free(t.use[side]);
    for (int sum = 0; sum < SUMS; sum++)
        free(t.sums[sum]);
    dr_world_close(world);
    return status;
}
