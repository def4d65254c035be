/* The derivative of the equations against central differences of them, for all that a model and a scenario can be; and
 * the equations against the solutions that sweeps find. */
#include <string.h>

#include "equilibrium/tangent.h"
#include "support/check.h"
#include "support/slow_products.h"
#include "support/synthetic.h"

/* What is tried: closures, nests, labour, limits, tariffs. */
typedef struct setting {
    const char *name;
    dr_closure closure;
    double eta, rho, phi, psi; /* eta below 0: another in each sector, and for rho another in some */
    bool taxed, limited;
    size_t regions, sectors, factors; /* 0 factors: value added as a whole */
    const char *rigid;
    const char *scale, *entry;
    const char *labour_supply, *revenue;
} setting;

static const setting settings[] = {
    {"Caliendo-Parro", DR_CLOSURE_FIXED, 1, 1, 1, INFINITY, false, false, 5, 4, 0, NULL, NULL, NULL, NULL, NULL},
    {"with tariffs", DR_CLOSURE_INCOME_SHARE, 1, 1, 1, INFINITY, true, false, 9, 3, 0, NULL, NULL, NULL, NULL, NULL},
    {"labour fixed", DR_CLOSURE_FIXED, 0.5, 0.2, 0.9, 0, true, false, 5, 4, 0, NULL, NULL, NULL, NULL, NULL},
    {"labour in between", DR_CLOSURE_INCOME_SHARE, 0.5, 0.2, 0.9, 0.5, true, false, 6, 5, 0, NULL, NULL, NULL, NULL,
     NULL},
    {"nests by sector", DR_CLOSURE_FIXED, -1, 0, 0.3, 2, true, false, 4, 6, 0, NULL, NULL, NULL, NULL, NULL},
    {"nearly Leontief", DR_CLOSURE_ZERO, 0.02, 0.02, 0.02, INFINITY, false, false, 5, 4, 0, NULL, NULL, NULL, NULL,
     NULL},
    {"easy substitution", DR_CLOSURE_FIXED, 3, 3, 2, 0, true, false, 5, 4, 0, NULL, NULL, NULL, NULL, NULL},
    {"Cobb-Douglas inputs", DR_CLOSURE_FIXED, 0.5, 1, 1, INFINITY, true, false, 5, 4, 0, NULL, NULL, NULL, NULL, NULL},
    {"limits", DR_CLOSURE_FIXED, 1, 1, 1, INFINITY, true, true, 5, 4, 0, NULL, NULL, NULL, NULL, NULL},
    {"limits, labour fixed", DR_CLOSURE_INCOME_SHARE, 0.5, 0.2, 0.9, 0, true, true, 5, 4, 0, NULL, NULL, NULL, NULL,
     NULL},
    {"limits, nests by sector", DR_CLOSURE_ZERO, -1, 0, 0.3, 2, false, true, 6, 3, 0, NULL, NULL, NULL, NULL, NULL},
    {"one sector", DR_CLOSURE_FIXED, 0.5, 0.5, 1, INFINITY, true, true, 4, 1, 0, NULL, NULL, NULL, NULL, NULL},
    {"mobile labour, other factors fixed", DR_CLOSURE_FIXED, 0.5, 0.2, 0.9, INFINITY, true, false, 5, 4, 3, NULL, NULL,
     NULL, NULL, NULL},
    {"factors in between, limits", DR_CLOSURE_INCOME_SHARE, -1, 0, 0.3, 0.5, true, true, 4, 3, 2, NULL, NULL, NULL,
     NULL, NULL},
    {"factors, Caliendo-Parro", DR_CLOSURE_FIXED, 1, 1, 1, INFINITY, true, false, 4, 3, 2, NULL, NULL, NULL, NULL,
     NULL},
    {"rigid wages", DR_CLOSURE_FIXED, 0.5, 0.2, 0.9, 0, true, false, 5, 4, 0, "A0,A2:97%", NULL, NULL, NULL, NULL},
    {"rigid wages, mobile", DR_CLOSURE_FIXED, 1, 1, 1, INFINITY, true, true, 5, 4, 0, "A0,A1:99%", NULL, NULL, NULL,
     NULL},
    {"rigid wages of one of two factors", DR_CLOSURE_FIXED, 0.5, 0.2, 0.9, INFINITY, true, false, 5, 4, 2, "A0,A2",
     NULL, NULL, NULL, NULL},
    {"scale", DR_CLOSURE_FIXED, 1, 1, 1, INFINITY, true, false, 5, 4, 0, NULL, "0.1", "free", NULL, NULL},
    {"scale, nests by sector", DR_CLOSURE_INCOME_SHARE, -1, 0, 0.3, 2, true, true, 4, 3, 2, NULL, "0.05", NULL, NULL,
     NULL},
    {"markups", DR_CLOSURE_INCOME_SHARE, 0.5, 0.2, 0.9, 0.5, true, true, 5, 4, 0, NULL, "0.2", "restricted", NULL,
     NULL},
    {"labour supply", DR_CLOSURE_FIXED, 0.5, 0.2, 0.9, INFINITY, true, true, 5, 4, 0, NULL, NULL, NULL, "0.2", NULL},
    {"labour supply of one of two factors, income tax", DR_CLOSURE_INCOME_SHARE, 0.5, 0.2, 0.9, 0.5, true, true, 5, 4,
     2, NULL, "0.05", NULL, "0.15", "income-tax"},
};

typedef struct fixture {
    synthetic table;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
    dr_sweep sweep;
    dr_equations equations;
    dr_tangent tangent;
} fixture;

static dr_model *model_of(const dr_economy *economy, const setting *of, bool products)
{
    dr_model *model = NULL;
    dr_model_options options = {.size = sizeof(dr_model_options),
                                .elasticity = "2.5",
                                .closure = of->closure,
                                .tolerance = 1e-13,
                                .rigid_wages = of->rigid,
                                .scale = of->scale,
                                .entry = of->entry,
                                .labour_supply = of->labour_supply,
                                .revenue = of->revenue,
                                .products = products ? "nest" : "average",
                                .product_elasticity = "4",
                                .product_substitution = of->eta == 1 ? "1" : "0.6",
                                .import_elasticity = "1.5"};
    ok(dr_model_new(&model, economy, &options));
    for (size_t s = 0; s < model->sectors; s++) {
        model->theta[s] = 0.5 + (double)(s * s);
        model->nests.eta[s] = of->eta < 0 ? 0.3 + 0.7 * (double)s : of->eta;
        model->nests.rho[s] = of->eta < 0 ? (s < 2 ? 1 : 0.1 * (double)s) : of->rho;
    }
    model->nests.phi = of->phi;
    model->nests.psi = of->psi;
    model->nests.psi_other = 0.3;
    model->nests.sigma = of->eta == 1 ? 1 : 0.4;
    model->nests.cobb_douglas = of->eta == 1 && of->rho == 1 && of->phi == 1;
    return model;
}

/* Below their quotas, at them and beyond, with each kind of rent. */
static void add_rate_quotas(dr_scenario *scenario)
{
    static const char *const sides[][2] = {{"A1", "A0"}, {"A2", "A1"}, {"A3", "A0"}, {"A3", "A1"}, {"A0", "A3"}};
    for (size_t q = 0; q < sizeof sides / sizeof *sides; q++)
        ok(dr_scenario_tariff_rate_quota(scenario, sides[q][0], sides[q][1], q < 3 ? "all" : "s0",
                                         &(dr_rate_quota){.size = sizeof(dr_rate_quota),
                                                          .quota = 0.6 + 0.2 * (double)q,
                                                          .relative = true,
                                                          .in_quota = 0.02 * (double)q,
                                                          .over_quota = 0.05 + 0.03 * (double)q,
                                                          .rent = (dr_rent)(q % 3),
                                                          .together = q != 1}));
}

static dr_scenario *scenario_of(const dr_economy *economy, const setting *of, bool products)
{
    dr_scenario *scenario = NULL;
    ok(dr_scenario_new(&scenario, economy));
    if (of->taxed && !of->scale)
        ok(dr_scenario_carbon_price(scenario, "A1,A3", "all", 60, 0.4));
    ok(dr_scenario_tariff(scenario, "A0,A1", "A2", "all", 0.3, DR_RATE_SET));
    ok(dr_scenario_trade_cost(scenario, "A0", "A3", "all", 1.4, true));
    ok(dr_scenario_ban(scenario, "A2", "A0", "s0"));
    if (of->taxed) {
        ok(dr_scenario_productivity(scenario, "A0,A2", "s0", -0.2));
        ok(dr_scenario_factor_supply(scenario, "A1,A2", "labour", "all", 0.3));
        ok(dr_scenario_demand(scenario, "all", "s0", 0.5));
        ok(dr_scenario_transfer(scenario, "A0", "A3,A1", 0.05, true));
    }
    if (of->limited) {
        ok(dr_scenario_export_curb(scenario, "A1", "A0", "all", 0.5, DR_RENT_EXPORTER, true));
        ok(dr_scenario_export_curb(scenario, "A2", "A1", "s0", 0.3, DR_RENT_IMPORTER, false));
        ok(dr_scenario_export_curb(scenario, "A2", "A0", "s0", 0.6, DR_RENT_LOST, false));
        ok(dr_scenario_quota(scenario, "A3", "A2", "s0", 1e6, DR_RENT_EXPORTER));
        add_rate_quotas(scenario);
    }
    if (of->limited && products) {
        ok(dr_scenario_export_tax(scenario, "A3", "A1", "HS01", 0.2));
        ok(dr_scenario_export_curb(scenario, "A3", "A1", "HS00,HS05", 0.3, DR_RENT_EXPORTER, true));
        ok(dr_scenario_export_curb(scenario, "A3", "A1", "HS04", 0.3, DR_RENT_LOST, false));
        ok(dr_scenario_quota(scenario, "A1", "A3", "HS02,HS03", 1, DR_RENT_IMPORTER));
    }
    return scenario;
}

/* Products of all sectors but the last, if there are several; the last seeds have them. */
static void enough_products(const fixture *f, slow_products *products, size_t sectors, unsigned long long seed)
{
    *products = slow_products_new(&f->table, 6, sectors, seed);
    for (size_t k = 0; k < products->count; k++) /* those under limits */
        products->value[1][3][k] = 0.5 + (double)k;
    slow_products_give(f->economy, &f->table);
}

static void fixture_new(fixture *f, const setting *of, bool with, unsigned long long seed)
{
    static const char *const names[] = {"labour", "capital", "land"};
    f->table = synthetic_new(of->regions, of->sectors, seed, of->taxed, true);
    if (of->factors)
        synthetic_split(&f->table, names, of->factors, seed);
    f->economy = synthetic_economy(&f->table);
    synthetic_emit(f->economy, 1e-3, seed);
    if (with) {
        slow_products products = {0};
        f->table.products = &products;
        enough_products(f, &products, of->sectors > 1 ? of->sectors - 1 : 1, seed);
        f->table.products = NULL;
    }
    f->model = model_of(f->economy, of, with);
    f->scenario = scenario_of(f->economy, of, with);
    ok(dr_sweep_new(&f->sweep, f->model, f->scenario));
    ok(dr_equations_new(&f->equations, &f->sweep));
    ok(dr_tangent_new(&f->tangent, &f->equations));
    dr_sweep_load(&f->sweep, f->scenario, 1);
    dr_equations_load(&f->equations);
    dr_sweep_base(&f->sweep);
}

static void fixture_free(fixture *f)
{
    dr_tangent_free(&f->tangent);
    dr_equations_free(&f->equations);
    dr_sweep_free(&f->sweep);
    dr_scenario_free(f->scenario);
    dr_model_free(f->model);
    dr_economy_free(f->economy);
    synthetic_free(&f->table);
}

/* Fills the places of unknowns, not the padding, with numbers from -size to size. */
static void randomise(const fixture *f, double *y, double size, unsigned long long *state)
{
    const dr_sweep *w = &f->sweep;
    size_t rows = 2 * w->s + w->wages;
    for (size_t row = 0; row < rows; row++)
        for (size_t n = 0; n < w->r; n++)
            y[row * w->stride + n] += size * (2 * synthetic_random(state) - 1);
    for (size_t c = 0; c < w->limit_count; c++)
        y[rows * w->stride + c] += size * (0.2 + synthetic_random(state));
}

static void products_are_the_derivative(void **state)
{
    (void)state;
    const double step = 1e-5;
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
        for (unsigned long long seed = 1; seed < 9; seed++) {
            fixture f = {0};
            if (seed > 5 && settings[k].regions > SLOW_REGIONS)
                continue;
            fixture_new(&f, &settings[k], seed > 5, seed);
            size_t count = f.equations.count;
            double *y = dr_new_doubles(count), *v = dr_new_doubles(count), *at = dr_new_doubles(count),
                   *product = dr_new_doubles(count), *up = dr_new_doubles(count);
            unsigned long long random = seed;
            dr_equations_take(&f.equations, y);
            randomise(&f, y, 0.1, &random);
            randomise(&f, v, 1, &random);
            for (size_t j = 0; j < count; j++)
                at[j] = y[j] + step * v[j];
            dr_equations_at(&f.equations, at);
            memcpy(up, f.equations.residual, count * sizeof *up);
            for (size_t j = 0; j < count; j++)
                at[j] = y[j] - step * v[j];
            dr_equations_at(&f.equations, at);
            for (size_t j = 0; j < count; j++)
                up[j] = (up[j] - f.equations.residual[j]) / (2 * step);
            dr_equations_at(&f.equations, y);
            dr_tangent_at(&f.tangent);
            dr_tangent_product(&f.tangent, v, product);
            for (size_t j = 0; j < count; j++)
                if (!(fabs(product[j] - up[j]) <= 1e-6 * fmax(1, fabs(up[j]))))
                    fail_msg("%s, world %llu: equation %zu of %zu changes by %.9g, the product says %.9g",
                             settings[k].name, seed, j, count, up[j], product[j]);
            free(y), free(v), free(at), free(product), free(up);
            fixture_free(&f);
        }
}

/* At the base, without a scenario, and where sweeps have come to rest, nothing is left of the equations. */
static void solutions_of_sweeps_solve_them(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        fixture f = {0};
        fixture_new(&f, &settings[k], false, 7);
        double *y = dr_new_doubles(f.equations.count);
        dr_equations_take(&f.equations, y);
        assert_true(dr_equations_at(&f.equations, y) > 1e-3);
        for (int i = 0; i < 3000; i++) {
            dr_sweep_once(&f.sweep);
            for (size_t j = 0; j < f.equations.count; j++)
                f.sweep.x[j] += 0.3 * f.sweep.f[j];
        }
        dr_equations_take(&f.equations, y);
        near(dr_equations_at(&f.equations, y), 0, 1e-11);
        free(y);
        fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_the_derivative),
        cmocka_unit_test(solutions_of_sweeps_solve_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
