/* Plans at the least cost to all regions together: the cost of a policy from a model in levels, derivatives against
 * differences of it, that it is never negative and zero for doing nothing, and plans against searches by brute force.
 * */
/* before planned.h, whose type `world` its variables would hide */
#include "support/slow_model.h"

#include "base/table.h"
#include "planned.h"

enum { R = 4, S = 3, OF = 2, FROM = 3 };

/* The rates that a policy adds: percent points on purchases of A0 and A1 from A3, from A2, and at home. */
typedef struct rates {
    double from[S], others[S], home[S];
} rates;

static const slow_model cobb_douglas = {.theta = 5, .eta = 1, .rho = 1, .phi = 1, .psi = INFINITY, .sigma = 1};

/* ---- The cost of a policy, from the model in levels ------------------------------------------------------------- */

static slow solve_slowly(const synthetic *y, const rates *added)
{
    double tariff[R * R * S], kappa[R * R * S];
    for (size_t n = 0; n < R; n++)
        for (size_t i = 0; i < R; i++)
            for (size_t k = 0; k < S; k++) {
                size_t f = (n * R + i) * S + k;
                double more = n >= OF ? 0 : i == FROM ? added->from[k] : i < OF ? added->home[k] : added->others[k];
                tariff[f] = y->tariff[f] + more;
                kappa[f] = (1 + tariff[f]) / (1 + y->tariff[f]);
            }
    return slow_solve(y, cobb_douglas, tariff, kappa);
}

/* The price of a good at its maker's, from what it sells at home: X = pi (kappa c / P)^-theta P Q / (1 + tau), so that
 * X / X of n from i over that of n from n gives c[i] / c[n]; and c[n] from P[n]^-theta = sum_i pi (kappa c)^-theta. */
static double cost_of(const synthetic *y, const slow *now, const rates *added, size_t i, size_t k)
{
    double theta = cobb_douglas.theta, spending = 0, before = 0;
    size_t home = (i * R + i) * S + k;
    for (size_t j = 0; j < R; j++) {
        size_t f = (i * R + j) * S + k;
        double more = i >= OF ? 0 : j == FROM ? added->from[k] : j < OF ? added->home[k] : added->others[k];
        spending += now->flow[f] * (1 + y->tariff[f] + more);
        before += y->flow[f] * (1 + y->tariff[f]);
    }
    double more = i < OF ? added->home[k] : 0, kappa = (1 + y->tariff[home] + more) / (1 + y->tariff[home]);
    double share = now->flow[home] * (1 + y->tariff[home] + more) / spending,
           base = y->flow[home] * (1 + y->tariff[home]) / before;
    return pow(share / base, -1 / theta) * now->price[i * S + k] / kappa;
}

static double base_income(const synthetic *y, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < S; k++)
        sum += y->final[n * S + k];
    return sum;
}

/* The cost in percent of the income of A0 and A1: the losses of all regions, less what the tariffs of the base lose. */
static double slow_cost(const synthetic *y, const rates *added, double *share)
{
    slow now = solve_slowly(y, added);
    double gain = 0;
    for (size_t n = 0; n < R; n++)
        gain += now.welfare[n] / 100 * base_income(y, n);
    for (size_t n = 0; n < R; n++)
        for (size_t i = 0; i < R; i++)
            for (size_t k = 0; k < S; k++) {
                size_t f = (n * R + i) * S + k;
                gain -= y->tariff[f] * (now.flow[f] / cost_of(y, &now, added, i, k) - y->flow[f]);
            }
    for (size_t k = 0; k < S && share; k++) {
        double from = 0, all = 0;
        for (size_t n = 0; n < OF; n++)
            for (size_t i = OF; i < R; i++) {
                from += i == FROM ? now.flow[(n * R + i) * S + k] : 0;
                all += now.flow[(n * R + i) * S + k];
            }
        share[k] = from / all;
    }
    slow_free(&now);
    return -100 * gain / (base_income(y, 0) + base_income(y, 1));
}

static double setting(const dr_instrument *instrument, const double *y, size_t l, rates *added)
{
    double *of = instrument->origin == DR_ORIGIN_FROM     ? added->from
                 : instrument->origin == DR_ORIGIN_OTHERS ? added->others
                                                          : added->home;
    return of[instrument->sector] = expm1(y[l]);
}

static void costs_are_those_of_the_model_in_levels(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "5"));
        dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .levers = "tariff,others,home"));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count);
        rates added = {{0}, {0}, {0}};
        unsigned long long dice = seed;
        for (size_t l = 0; l < p->count; l++) {
            y[l] = (p->instruments[l].origin == DR_ORIGIN_FROM ? 0.5 : -0.2) * synthetic_random(&dice);
            setting(&p->instruments[l], y, l, &added);
        }
        ok(dr_policy_evaluate(p, y, false));
        double cost = slow_cost(&w.data, &added, NULL);
        near(-p->aims[0].value, cost, 1e-8);
        assert_true(cost > 0);
        free(y);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* ---- Its derivatives, and its sign ------------------------------------------------------------------------------ */

static const dr_model_options kinds[] = {
    {.size = sizeof(dr_model_options), .elasticity = "5"},
    {.size = sizeof(dr_model_options), .horizon = "medium", .rigid_wages = "A0"},
    {.size = sizeof(dr_model_options), .horizon = "short", .thin_markets = "0"},
    {.size = sizeof(dr_model_options), .model = "baqaee-farhi", .elasticity = "3", .closure = DR_CLOSURE_ZERO},
    {.size = sizeof(dr_model_options), .elasticity = "5", .labour_supply = "0.3"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* A plan whose aims are the cost and concentrations. */
static dr_plan *plan_with_aims(const world *w)
{
    return plan_of(w, &DR_OPTIONS(dr_plan_options, .max_concentration = 1, .levers = "tariff,others,home"));
}

static double value_at(dr_policy *p, double *y, size_t l, double h, size_t aim)
{
    double here = y[l];
    y[l] += h;
    ok(dr_policy_evaluate(p, y, false));
    y[l] = here;
    return p->aims[aim].value;
}

static void derivatives_are_differences(void **state)
{
    const double h = 1e-3;
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++) {
        world w = world_new(R, S, kind + 1, kinds[kind]);
        dr_plan *plan = plan_with_aims(&w);
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count), *slope = synthetic_numbers(p->count * (S + 1));
        assert_int_equal(plan->concentrations, S);
        for (size_t l = 0; l < p->count; l++)
            y[l] = p->instruments[l].origin == DR_ORIGIN_FROM ? 0.1 + 0.02 * (double)l : -0.03;
        for (size_t a = 0; a <= S; a++)
            p->aims[a].idle = false;
        ok(dr_policy_evaluate(p, y, true));
        for (size_t a = 0; a <= S; a++)
            memcpy(slope + a * p->count, p->aims[a].gradient, p->count * sizeof *slope);
        for (size_t l = 0; l < p->count; l++)
            for (size_t a = 0; a <= S; a += 2) {
                double near_by = value_at(p, y, l, h, a) - value_at(p, y, l, -h, a);
                double far = value_at(p, y, l, 2 * h, a) - value_at(p, y, l, -2 * h, a);
                double difference = (8 * near_by - far) / (12 * h);
                near(slope[a * p->count + l], difference, 1e-6 * (fabs(difference) + 1e-2));
            }
        free(slope);
        free(y);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* Without a policy the cost is zero, and so are its derivatives, whatever the tariffs of the base; any policy costs
 * something. */
static void no_policy_costs_less_than_nothing(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (unsigned long long seed = 1; seed <= 3; seed++) {
            world w = world_new(R, S, seed, kinds[kind]);
            dr_plan *plan = plan_with_aims(&w);
            dr_policy *p = &plan->policy;
            double *y = synthetic_numbers(p->count);
            unsigned long long dice = seed;
            ok(dr_policy_evaluate(p, y, true));
            near(p->aims[0].value, 0, 1e-9);
            for (size_t l = 0; l < p->count; l++)
                near(p->aims[0].gradient[l], 0, 1e-7);
            for (int draw = 0; draw < 5; draw++) {
                for (size_t l = 0; l < p->count; l++)
                    y[l] = (synthetic_random(&dice) - 0.5) * (draw + 1) / 5;
                ok(dr_policy_evaluate(p, y, false));
                assert_true(p->aims[0].value < 0);
            }
            free(y);
            dr_plan_free(plan);
            world_free(&w);
        }
}

/* ---- Plans ------------------------------------------------------------------------------------------------------ */

/* The share of A3 in the imports of A0 and A1 of each good, in the base; returns the largest. */
static double base_shares(const world *w, double shares[S])
{
    double most = 0;
    for (size_t k = 0; k < S; k++) {
        double from = 0, all = 0;
        for (size_t n = 0; n < OF; n++)
            for (size_t i = OF; i < R; i++) {
                double flow = w->model->base.flow[(n * R + i) * S + k];
                from += i == FROM ? flow : 0;
                all += flow;
            }
        shares[k] = from / all;
        most = fmax(most, shares[k]);
    }
    return most;
}

static void caps_that_do_not_bind_change_nothing(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (int above = 0; above < 2; above++) {
            world w = world_new(R, S, kind + 1, kinds[kind]);
            double shares[S], most = base_shares(&w, shares);
            dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = above ? 0.9 : most * (1 + 1e-9),
                                                    .levers = "tariff,others,home"));
            dr_table *table = NULL;
            bool told = false;
            for (size_t l = 0; l < plan->policy.count; l++)
                assert_true(fabs(plan->optimum.y[l]) == 0);
            ok(dr_plan_sectors(&table, plan));
            for (size_t j = 0; j < dr_table_sentences(table); j++)
                told |= strcmp(dr_table_sentence(table, j), "No cap binds, and nothing is done.") == 0;
            assert_true(told);
            near(dr_table_fact(table, "plan.cost"), 0, 1e-9);
            near(dr_table_fact(table, "plan.own_loss_value"), 0, 1e-7);
            assert_true(dr_table_fact(table, "certificate.kkt") <= 1e-6);
            dr_table_free(table);
            dr_plan_free(plan);
            world_free(&w);
        }
}

/* The tariff on one good that brings its share to the cap, by bisection, given all other rates; returns the cost. */
static double meet_cap(const synthetic *y, rates *added, size_t good, double cap)
{
    double low = 0, high = 4, share[S];
    for (int step = 0; step < 45; step++) {
        added->from[good] = (low + high) / 2;
        slow_cost(y, added, share);
        if (share[good] > cap)
            low = added->from[good];
        else
            high = added->from[good];
    }
    return slow_cost(y, added, share);
}

/* The lowest cost over the support of other suppliers of a good with a cap, by golden sections. */
static double search_support(const synthetic *y, rates *added, size_t good, double cap)
{
    const double golden = (sqrt(5) - 1) / 2;
    double low = -0.3, high = 0, best = NAN;
    for (int step = 0; step < 22; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        added->others[good] = left;
        double at_left = meet_cap(y, added, good, cap);
        added->others[good] = right;
        double at_right = meet_cap(y, added, good, cap);
        best = fmin(at_left, at_right);
        if (at_left < at_right)
            high = right;
        else
            low = left;
    }
    added->others[good] = (low + high) / 2;
    return fmin(best, meet_cap(y, added, good, cap));
}

/* One cap, met by a tariff and by support of other suppliers. */
static void a_plan_is_found_by_brute_force(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 2; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .elasticity = "5"));
        double shares[S];
        base_shares(&w, shares);
        double cap = 0.6 * shares[1];
        dr_plan *plan =
            plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .cap = cap, .levers = "tariff,others"));
        rates added = {{0}, {0}, {0}};
        double cost = search_support(&w.data, &added, 1, cap);
        near(fact(plan, "plan.cost"), cost, 1e-6 * cost);
        near(planned(plan, "s1", "tariff"), 100 * added.from[1], 1e-2);
        near(planned(plan, "s1", "support_others"), -100 * added.others[1], 1e-2);
        near(fact(plan, "plan.against_best_value"), fact(plan, "plan.cost_value"), 0);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* Caps in every sector: no point of a grid around the plan that meets them costs less. */
static void no_neighbour_costs_less(void **state)
{
    (void)state;
    world w = world_new(R, S, 3, DR_OPTIONS(dr_model_options, .elasticity = "5"));
    double shares[S], most = base_shares(&w, shares), cap = 0.8 * most, share[S];
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = cap));
    double cost = fact(plan, "plan.cost");
    int met = 0;
    assert_true(cost > 0);
    for (int at = 0; at < 343; at++) {
        rates added = {{0}, {0}, {0}};
        for (size_t k = 0; k < S; k++) {
            int step = k == 0 ? at % 7 : k == 1 ? at / 7 % 7 : at / 49;
            char name[8];
            snprintf(name, sizeof name, "s%zu", k);
            added.from[k] = fmax(0, planned(plan, name, "tariff") / 100 + 0.01 * (step - 3));
        }
        double here = slow_cost(&w.data, &added, share);
        bool meets = true;
        for (size_t k = 0; k < S; k++)
            meets &= share[k] <= cap * (1 + 1e-9);
        met += meets;
        assert_true(!meets || here >= cost - 1e-8);
    }
    assert_true(met > 20);
    dr_plan_free(plan);
    world_free(&w);
}

/* Where the base is distorted by more than tariffs, a policy may gain all regions together, and a plan without a cap
 * that binds is the best one: no policy near it gains more. */
static void a_plan_makes_up_for_distortions(void **state)
{
    static const dr_model_options options[] = {
        {.size = sizeof(dr_model_options), .elasticity = "4", .scale = "0.15"},
        {.size = sizeof(dr_model_options), .elasticity = "4", .labour_supply = "0.5", .revenue = "income-tax"},
        {.size = sizeof(dr_model_options), .elasticity = "4", .scale = "0.2", .entry = "restricted"}};
    (void)state;
    for (size_t j = 0; j < sizeof options / sizeof *options; j++) {
        world w = world_new(R, S, 2, options[j]);
        dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .levers = "tariff,others,home"));
        dr_policy *p = &plan->policy;
        double *y = synthetic_numbers(p->count), best = -fact(plan, "plan.cost");
        unsigned long long dice = 3;
        assert_true(best > 1e-5);
        for (int draw = 0; draw < 40; draw++) {
            for (size_t l = 0; l < p->count; l++)
                y[l] = fmin(plan->high[l],
                            fmax(plan->low[l], plan->optimum.y[l] + 0.02 * (synthetic_random(&dice) - 0.5)));
            ok(dr_policy_evaluate(p, y, false));
            assert_true(p->aims[0].value <= best + 1e-9);
        }
        free(y);
        dr_plan_free(plan);
        world_free(&w);
    }
}

static void kept_revenue_is_no_cost_of_all(void **state)
{
    dr_plan *plan = NULL;
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .elasticity = "5", .revenue = "keep"));
    assert_int_equal(dr_plan_new(&plan, w.model, "A0", "A3", &DR_OPTIONS(dr_plan_options, .cap = 0.2)), DR_BAD_INPUT);
    assert_string_equal(
        dr_error_text(),
        "the objective efficient counts what all regions lose together, and revenue that is kept is not "
        "lost; expected the revenue rebate or income-tax, or the objective own");
    dr_plan *own = own_plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.2));
    assert_true(fact(own, "certificate.kkt") < 1e-6);
    dr_plan_free(own);
    world_free(&w);
}

/* Where it stays within the limits, the plan that is best for A0 and A1 alone costs all regions together more, and
 * costs them less. */
static void own_gains_are_at_the_cost_of_all(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = world_new(R, S, seed, DR_OPTIONS(dr_model_options, .horizon = "long"));
        double shares[S], cap = 0.9 * base_shares(&w, shares);
        dr_plan *all = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = cap));
        dr_plan *own = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = cap, .objective = DR_OBJECTIVE_OWN));
        dr_plan *best = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 1, .objective = DR_OBJECTIVE_OWN));
        assert_true(fact(own, "plan.dependence_value") > fact(all, "plan.dependence_value"));
        assert_true(fact(own, "plan.own_loss_value") < fact(all, "plan.own_loss_value"));
        near(fact(own, "plan.own_loss_value"), fact(own, "plan.cost_value"), 1e-9);
        near(fact(all, "plan.dependence_value"), fact(all, "plan.cost_value"), 1e-9);
        near(fact(own, "plan.against_best_value"), fact(own, "plan.cost_value") - fact(best, "plan.cost_value"), 1e-6);
        near(fact(best, "plan.against_best_value"), 0, 1e-6);
        dr_plan_free(best);
        dr_plan_free(own);
        dr_plan_free(all);
        world_free(&w);
    }
}

static double item(const dr_table *table, const char *name)
{
    for (size_t row = 0; row < dr_table_rows(table); row++)
        if (strcmp(dr_table_text(table, row, 0), name) == 0)
            return dr_table_number(table, row, 1);
    fail_msg("no item '%s'", name);
    return NAN;
}

/* The parts add up, and are those of the table of regions. */
static void the_parts_add_up(void **state)
{
    (void)state;
    world w = world_new(R, S, 2, DR_OPTIONS(dr_model_options, .horizon = "medium"));
    dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .cap = 0.1, .levers = "tariff,others"));
    dr_table *table = NULL, *regions = NULL;
    double lost[2] = {0, 0};
    ok(dr_plan_costs(&table, plan));
    ok(dr_solution_regions(&regions, dr_plan_solution(plan)));
    int welfare = dr_table_find(regions, "welfare");
    for (size_t n = 0; n < R; n++) /* the first rows are A0 and A1 and so on, in the order of the economy */
        for (size_t row = 0; row < dr_table_rows(regions); row++)
            if (strcmp(dr_table_text(regions, row, 0), w.data.region_names[n]) == 0)
                lost[n >= OF] -= dr_table_number(regions, row, (size_t)welfare) / 100 * base_income(&w.data, n);
    near(item(table, "own loss"), lost[0], 1e-9);
    near(item(table, "loss of others"), lost[1], 1e-9);
    near(item(table, "loss of all"), lost[0] + lost[1], 1e-9);
    near(item(table, "own loss"),
         item(table, "less dependence") - item(table, "terms of trade") - item(table, "own tariffs"), 1e-9);
    near(item(table, "loss of others"), item(table, "terms of trade") - item(table, "other tariffs"), 1e-9);
    near(item(table, "less dependence"), item(table, "against nothing"), 1e-9);
    near(item(table, "revenue"), fact(plan, "plan.revenue"), 0);
    assert_true(item(table, "terms of trade") > 0 && item(table, "revenue") > 0 && item(table, "support") > 0);
    dr_table_free(regions);
    dr_table_free(table);
    dr_plan_free(plan);
    world_free(&w);
}

/* ---- Caps on concentration, and on several suppliers ------------------------------------------------------------ */

/* The Herfindahl-Hirschman index of the imports of A0 and A1 of a good. */
static double concentration(const double *flow, size_t k)
{
    double squares = 0, all = 0;
    for (size_t i = OF; i < R; i++) {
        double one = flow[i * S + k] + flow[(R + i) * S + k];
        squares += one * one;
        all += one;
    }
    return squares / all / all;
}

/* A3 sells s1 to A0 and A1 four times over, so that it is their main supplier. */
static world concentrated(unsigned long long seed)
{
    world w = {.data = synthetic_new(R, S, seed, true, true)};
    for (size_t n = 0; n < OF; n++) {
        size_t f = (n * R + FROM) * S + 1;
        double more = 3 * w.data.flow[f];
        w.data.flow[f] += more;
        w.data.final[n * S + 1] += more * (1 + w.data.tariff[f]);
    }
    w.economy = synthetic_economy(&w.data);
    ok(dr_model_new(&w.model, w.economy, &DR_OPTIONS(dr_model_options, .elasticity = "5", .tolerance = 1e-12)));
    return w;
}

static void concentration_is_capped(void **state)
{
    (void)state;
    for (unsigned long long seed = 1; seed <= 3; seed++) {
        world w = concentrated(seed);
        const double before = concentration(w.data.flow, 1), limit = 0.5 + 0.5 * (before - 0.5);
        double low = 0, high = 3;
        dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .max_concentration = limit));
        near(planned(plan, "s1", "concentration"), before, 1e-12);
        near(planned(plan, "s1", "new_concentration"), limit, 1e-8);
        near(concentration(dr_plan_solution(plan)->flow, 1), limit, 1e-8);
        while (high - low > 1e-10) {
            rates added = {{0, (low + high) / 2}, {0}, {0}};
            slow now = solve_slowly(&w.data, &added);
            double from = now.flow[FROM * S + 1] + now.flow[(R + FROM) * S + 1],
                   other = now.flow[2 * S + 1] + now.flow[(R + 2) * S + 1];
            bool above = from > other && concentration(now.flow, 1) > limit; /* beyond, the other one is the main one */
            *(above ? &low : &high) = added.from[1];
            slow_free(&now);
        }
        near(planned(plan, "s1", "tariff"), 100 * low, 1e-5);
        assert_true(planned(plan, "s1", "concentration_price") > 0);
        dr_plan_free(plan);
        plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .max_concentration = 1));
        assert_true(planned(plan, "s1", "tariff") == 0);
        dr_plan_free(plan);
        world_free(&w);
    }
}

/* Its multiplier is the slope of the cost. */
static void concentration_prices_are_slopes(void **state)
{
    const double h = 1e-4;
    (void)state;
    world w = concentrated(2);
    double limit = 0.5 + 0.5 * (concentration(w.data.flow, 1) - 0.5), cost[2];
    for (int side = 0; side < 2; side++) {
        dr_plan *plan = plan_of(&w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .levers = "tariff,others",
                                                .max_concentration = limit + (side ? h : -h)));
        cost[side] = fact(plan, "plan.cost_value");
        dr_plan_free(plan);
    }
    dr_plan *plan = plan_of(
        &w, &DR_OPTIONS(dr_plan_options, .sectors = "s1", .levers = "tariff,others", .max_concentration = limit));
    double slope = (cost[0] - cost[1]) / (2 * h) / 100;
    near(planned(plan, "s1", "concentration_price"), slope, 1e-4 * slope);
    dr_plan_free(plan);
    world_free(&w);
}

/* Suppliers in a list have one share together. */
static void a_list_of_suppliers_is_one_share(void **state)
{
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .elasticity = "5"));
    dr_plan *plan = NULL;
    ok(dr_plan_new(&plan, w.model, "A0", "A2,A3", &DR_OPTIONS(dr_plan_options, .sectors = "s1", .cap = 0.5)));
    const double *flow = dr_plan_solution(plan)->flow;
    double other = flow[S + 1], both = flow[2 * S + 1] + flow[3 * S + 1];
    near(both / (other + both), 0.5, 1e-8);
    assert_true(planned(plan, "s1", "share") > 0.5);
    dr_plan_free(plan);
    world_free(&w);
}

static void what_cannot_be_is_told(void **state)
{
    static const struct {
        dr_plan_options options;
        dr_status status;
        const char *says;
    } wrong[] = {{{.size = sizeof(dr_plan_options), .max_concentration = 1.5},
                  DR_BAD_INPUT,
                  "a concentration of at most 1.5; expected an index from 0 to 1"},
                 {{.size = sizeof(dr_plan_options), .max_concentration = NAN},
                  DR_BAD_INPUT,
                  "a concentration of at most nan; expected an index from 0 to 1"},
                 {{.size = sizeof(dr_plan_options), .max_concentration = 0.4, .budget = 1},
                  DR_USAGE,
                  "a budget cannot be combined with caps or a largest loss"},
                 {{.size = sizeof(dr_plan_options), .cap = 0.1, .objective = (dr_plan_objective)2},
                  DR_USAGE,
                  "dr_plan_new: options->objective is 2; expected one of its enum's values, 0 to 1"},
                 {{.size = sizeof(dr_plan_options), .max_concentration = 0.2, .sectors = "s1"},
                  DR_NO_SOLUTION,
                  "infeasible: by instruments against A3, within their bounds, the lowest attainable concentration of "
                  "A0,A1's imports of s1 is 0.5 (limit 0.2)"}};
    (void)state;
    world w = world_new(R, S, 1, DR_OPTIONS(dr_model_options, .elasticity = "5"));
    for (size_t j = 0; j < sizeof wrong / sizeof *wrong; j++) {
        dr_plan *plan = NULL;
        assert_int_equal(dr_plan_new(&plan, w.model, "A0,A1", "A3", &wrong[j].options), wrong[j].status);
        assert_string_equal(dr_error_text(), wrong[j].says);
        assert_null(plan);
    }
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_those_of_the_model_in_levels),
        cmocka_unit_test(derivatives_are_differences),
        cmocka_unit_test(no_policy_costs_less_than_nothing),
        cmocka_unit_test(caps_that_do_not_bind_change_nothing),
        cmocka_unit_test(a_plan_is_found_by_brute_force),
        cmocka_unit_test(no_neighbour_costs_less),
        cmocka_unit_test(a_plan_makes_up_for_distortions),
        cmocka_unit_test(kept_revenue_is_no_cost_of_all),
        cmocka_unit_test(own_gains_are_at_the_cost_of_all),
        cmocka_unit_test(the_parts_add_up),
        cmocka_unit_test(concentration_is_capped),
        cmocka_unit_test(concentration_prices_are_slopes),
        cmocka_unit_test(a_list_of_suppliers_is_one_share),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
