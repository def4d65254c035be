/* Draws: what they are drawn from, that each is the solve it claims to be, that nothing depends on the number of
 * threads, and that quantiles are those of what was drawn. */
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "base/table.h"
#include "equilibrium/solution.h"
#include "result/bands.h"
#include "support/check.h"
#include "support/synthetic.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Type 7 of Hyndman & Fan, written down once more. */
static double quantile(double *numbers, size_t count, double p)
{
    qsort(numbers, count, sizeof *numbers, ascending);
    double rank = p * (double)(count - 1);
    size_t at = (size_t)rank;
    return at + 1 < count ? numbers[at] + (rank - (double)at) * (numbers[at + 1] - numbers[at]) : numbers[at];
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/* The first numbers of SplitMix64 from the state 1234567, as everybody's implementation has them. */
static void the_generator_is_splitmix64(void **state)
{
    static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                        4593380528125082431u, 16408922859458223821u};
    dr_random random = {1234567};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(dr_random_bits(&random) == expected[i]);
}

/* Mean and standard deviation of factors from many streams, one from each, within five standard errors. */
static void factors_have_mean_one_and_the_error_asked_for(void **state)
{
    enum { COUNT = 200000 };
    static const double errors[] = {0.05, 0.15, 0.45};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        double error = errors[i], sum = 0, squares = 0;
        for (uint64_t stream = 0; stream < COUNT; stream++) {
            dr_random random = dr_random_stream(7, stream);
            double factor = dr_random_factor(&random, error);
            assert_true(factor > 0);
            sum += factor;
            squares += (factor - 1) * (factor - 1);
        }
        near(sum / COUNT, 1, 5 * error / sqrt(COUNT));
        near(sqrt(squares / COUNT), error, 0.02 * error);
    }
    dr_random random = dr_random_stream(7, 0);
    assert_true(dr_random_factor(&random, 0) == 1);
    assert_true(dr_random_stream(7, 0).state != dr_random_stream(8, 0).state);
}

static void quantiles_of_few_are_exact(void **state)
{
    static const double numbers[] = {5, 1, 4, 2, 3};
    dr_bands *bands = NULL;
    (void)state;
    ok(dr_bands_new(&bands, 2, 7)); /* two draws fail */
    for (size_t i = 0; i < 5; i++) {
        double figures[] = {numbers[i], NAN};
        dr_bands_add(bands, i + (i > 1), figures);
    }
    assert_true(dr_bands_settle(bands));
    near(dr_bands_quantile(bands, 0, 0.05), 1.2, 1e-15);
    near(dr_bands_quantile(bands, 0, 0.5), 3, 0);
    near(dr_bands_quantile(bands, 0, 0.95), 4.8, 1e-15);
    near(dr_bands_quantile(bands, 0, 1), 5, 0);
    assert_true(isnan(dr_bands_quantile(bands, 1, 0.5)));
    dr_bands_free(bands);
    ok(dr_bands_new(&bands, 1, 3));
    assert_false(dr_bands_settle(bands));
    dr_bands_free(bands);
}

/* A figure that some draws do not have is the quantile of those that do; also beyond the draws that are kept. */
static void what_a_draw_lacks_is_left_out(void **state)
{
    enum { MANY = 3 * DR_BANDS_KEPT };
    (void)state;
    for (size_t draws = 6; draws <= MANY; draws += MANY - 6) {
        dr_bands *bands = NULL, *fewer = NULL;
        ok(dr_bands_new(&bands, 1, draws));
        ok(dr_bands_new(&fewer, 1, draws));
        for (size_t d = 0; d < draws; d++) {
            double number = (double)(d * 7919 % draws), figure = d % 3 == 1 ? NAN : number;
            if (d == DR_BANDS_KEPT)
                assert_true(dr_bands_settle(bands) && dr_bands_settle(fewer));
            dr_bands_add(bands, d, &figure);
            if (d % 3 != 1)
                dr_bands_add(fewer, d, &number);
        }
        if (draws <= DR_BANDS_KEPT)
            assert_true(dr_bands_settle(bands) && dr_bands_settle(fewer));
        static const double levels[] = {0.05, 0.5, 0.95};
        for (size_t k = 0; k < 3; k++)
            assert_true(dr_bands_quantile(bands, 0, levels[k]) == dr_bands_quantile(fewer, 0, levels[k]));
        dr_bands_free(bands);
        dr_bands_free(fewer);
    }
}

/* Beyond those kept: normal, log-normal with a long tail, a constant, and one of two values; some draws fail. Against
 * all of them sorted, to a bin; and the order of adding makes no difference. */
static void quantiles_of_many_are_right_to_a_bin(void **state)
{
    enum { DRAWS = 60000, FIGURES = 4 };
    static const double p[] = {0.05, 0.5, 0.95};
    double *all[FIGURES];
    dr_bands *bands = NULL, *backwards = NULL;
    size_t count = 0;
    (void)state;
    ok(dr_bands_new(&bands, FIGURES, DRAWS));
    ok(dr_bands_new(&backwards, FIGURES, DRAWS));
    for (size_t f = 0; f < FIGURES; f++)
        all[f] = calloc(DRAWS, sizeof **all);
    double(*drawn)[FIGURES] = calloc(DRAWS, sizeof *drawn);
    for (size_t d = 0; d < DRAWS; d++) {
        dr_random random = dr_random_stream(1, d);
        double normal = dr_random_normal(&random);
        double figures[FIGURES] = {normal, exp(2 * normal), -3, normal > 1};
        memcpy(drawn[d], figures, sizeof figures);
        for (size_t f = 0; d % 10 && f < FIGURES; f++)
            all[f][count] = figures[f];
        count += d % 10 > 0;
    }
    for (size_t d = 0; d < DRAWS; d++) {
        size_t back = d < DR_BANDS_KEPT ? DR_BANDS_KEPT - 1 - d : DRAWS - 1 - (d - DR_BANDS_KEPT);
        if (d == DR_BANDS_KEPT)
            assert_true(dr_bands_settle(bands) && dr_bands_settle(backwards));
        if (d % 10)
            dr_bands_add(bands, d, drawn[d]);
        if (back % 10)
            dr_bands_add(backwards, back, drawn[back]);
    }
    for (size_t f = 0; f < FIGURES; f++) {
        double bin = 1.1 * (quantile(all[f], count, 0.99) - quantile(all[f], count, 0.01)) / 2730;
        for (size_t q = 0; q < sizeof p / sizeof *p; q++) {
            near(dr_bands_quantile(bands, f, p[q]), quantile(all[f], count, p[q]), bin);
            assert_true(dr_bands_quantile(bands, f, p[q]) == dr_bands_quantile(backwards, f, p[q]));
        }
        free(all[f]);
    }
    free(drawn);
    dr_bands_free(bands);
    dr_bands_free(backwards);
}

/* ---- Draws ------------------------------------------------------------------------------------------------------- */

typedef struct setting {
    synthetic y;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
} setting;

static setting begin(synthetic y, dr_model_options options)
{
    setting t = {y, synthetic_economy(&y), NULL, NULL};
    ok(dr_model_new(&t.model, t.economy, &options));
    ok(dr_scenario_new(&t.scenario, t.economy));
    ok(dr_scenario_tariff(t.scenario, "A0", "A1,A2", "all", 0.5, DR_RATE_ADD));
    return t;
}

static void end(setting *t)
{
    dr_scenario_free(t->scenario);
    dr_model_free(t->model);
    dr_economy_free(t->economy);
    synthetic_free(&t->y);
}

typedef dr_status make(dr_table **, const dr_model *, const dr_scenario *, const dr_draw_options *);

static dr_table *draw(const setting *t, make *table_of, dr_draw_options options)
{
    dr_table *table = NULL;
    ok(table_of(&table, t->model, t->scenario, &options));
    return table;
}

static double cell(const dr_table *table, size_t row, const char *column)
{
    int index = dr_table_find(table, column);
    assert_true(index >= 0);
    return dr_table_number(table, row, (size_t)index);
}

static void same(const dr_table *a, const dr_table *b)
{
    assert_int_equal(dr_table_rows(a), dr_table_rows(b));
    for (size_t row = 0; row < dr_table_rows(a); row++)
        for (size_t c = 0; c < dr_table_columns(a); c++) {
            double x = dr_table_number(a, row, c), y = dr_table_number(b, row, c);
            assert_string_equal(dr_table_text(a, row, c), dr_table_text(b, row, c));
            assert_true(x == y || (isnan(x) && isnan(y)));
        }
    assert_true(dr_table_fact(a, "certificate.worst_residual") == dr_table_fact(b, "certificate.worst_residual"));
    assert_true(dr_table_fact(a, "certificate.sweeps") == dr_table_fact(b, "certificate.sweeps"));
    assert_true(dr_table_fact(a, "draws.failed") == dr_table_fact(b, "draws.failed"));
}

static void threads_change_nothing(void **state)
{
    static make *const makes[] = {dr_draw_bands, dr_draw_all};
    static const double share_errors[] = {0, 0.05};
    (void)state;
    for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure += DR_CLOSURE_ZERO) {
        setting t = begin(synthetic_new(4, 3, 21, true, true),
                          DR_OPTIONS(dr_model_options, .elasticity = "4", .closure = (dr_closure)closure));
        for (size_t i = 0; i < 2; i++)
            for (size_t e = 0; e < 2; e++) {
                dr_draw_options options = {.size = sizeof(dr_draw_options),
                                           .draws = 40,
                                           .seed = 3,
                                           .elasticity_error = 0.3,
                                           .share_error = share_errors[e]};
                options.threads = 1;
                dr_table *one = draw(&t, makes[i], options);
                options.threads = 2;
                dr_table *two = draw(&t, makes[i], options);
                options.threads = 5;
                dr_table *five = draw(&t, makes[i], options);
                same(one, two);
                same(one, five);
                assert_true(dr_table_fact(one, "certificate.worst_residual") < 1e-8);
                assert_true(dr_table_fact(one, "certificate.solves") == 40);
                dr_table_free(one);
                dr_table_free(two);
                dr_table_free(five);
            }
        end(&t);
    }
}

static void the_seed_matters(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(4, 3, 21, true, true), DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = 5, .seed = 3, .elasticity_error = 0.3};
    dr_table *three = draw(&t, dr_draw_all, options);
    options.seed = 4;
    dr_table *four = draw(&t, dr_draw_all, options);
    for (size_t row = 0; row < dr_table_rows(three); row++)
        assert_true(cell(three, row, "welfare") != cell(four, row, "welfare"));
    dr_table_free(three);
    dr_table_free(four);
    end(&t);
}

/* A number is one estimate for all sectors: draw d is the run with that number times the first factor of stream d. Also
 * where the base itself is solved for, and so depends on the draw. */
static void each_draw_is_a_run_of_its_own(void **state)
{
    (void)state;
    for (int closure = DR_CLOSURE_FIXED; closure <= DR_CLOSURE_ZERO; closure++) {
        dr_model_options settings = {
            .size = sizeof(dr_model_options), .elasticity = "4", .closure = (dr_closure)closure};
        setting t = begin(synthetic_new(5, 3, 22, true, true), settings);
        dr_table *all =
            draw(&t, dr_draw_all, DR_OPTIONS(dr_draw_options, .draws = 6, .seed = 9, .elasticity_error = 0.25));
        assert_int_equal(dr_table_rows(all), 6 * 5);
        for (size_t d = 0; d < 6; d++) {
            char text[64];
            dr_random random = dr_random_stream(9, d);
            snprintf(text, sizeof text, "%.17g", 4 * dr_random_factor(&random, 0.25));
            settings.elasticity = text;
            dr_model *model = NULL;
            dr_solution *solution = NULL;
            dr_table *single = NULL;
            ok(dr_model_new(&model, t.economy, &settings));
            ok(dr_model_solve(&solution, model, t.scenario));
            ok(dr_solution_regions(&single, solution));
            for (size_t n = 0; n < 5; n++) {
                assert_true(cell(all, d * 5 + n, "draw") == (double)(d + 1));
                assert_string_equal(dr_table_text(all, d * 5 + n, 1), dr_table_text(single, n, 0));
                for (size_t c = 1; c < dr_table_columns(single); c++)
                    near(dr_table_number(all, d * 5 + n, c + 1), dr_table_number(single, n, c), 1e-8);
            }
            dr_table_free(single);
            dr_solution_free(solution);
            dr_model_free(model);
        }
        dr_table_free(all);
        end(&t);
    }
}

static void bands_are_quantiles_of_all_draws(void **state)
{
    static const char *const figures[] = {"welfare", "terms_of_trade", "tariff_revenue_change", "imports"};
    enum { DRAWS = 101, REGIONS = 3 };
    (void)state;
    setting t = begin(synthetic_new(REGIONS, 2, 23, true, true), DR_OPTIONS(dr_model_options, .elasticity = "6"));
    dr_draw_options options = {
        .size = sizeof(dr_draw_options), .draws = DRAWS, .seed = 2, .elasticity_error = 0.4, .share_error = 0.1};
    dr_table *all = draw(&t, dr_draw_all, options), *bands = draw(&t, dr_draw_bands, options);
    dr_solution *solution = NULL;
    dr_table *point = NULL;
    ok(dr_model_solve(&solution, t.model, t.scenario));
    ok(dr_solution_regions(&point, solution));
    for (size_t f = 0; f < sizeof figures / sizeof *figures; f++)
        for (size_t n = 0; n < REGIONS; n++) {
            double drawn[DRAWS];
            char name[64];
            for (size_t d = 0; d < DRAWS; d++)
                drawn[d] = cell(all, d * REGIONS + n, figures[f]);
            assert_true(cell(bands, n, figures[f]) == cell(point, n, figures[f]));
            snprintf(name, sizeof name, "%s_p5", figures[f]);
            near(cell(bands, n, name), quantile(drawn, DRAWS, 0.05), 1e-14);
            snprintf(name, sizeof name, "%s_median", figures[f]);
            near(cell(bands, n, name), quantile(drawn, DRAWS, 0.5), 1e-14);
            snprintf(name, sizeof name, "%s_p95", figures[f]);
            near(cell(bands, n, name), quantile(drawn, DRAWS, 0.95), 1e-14);
        }
    dr_table_free(point);
    dr_solution_free(solution);
    dr_table_free(all);
    dr_table_free(bands);
    end(&t);
}

/* A file with the errors written into it. */
static char *file(char path[32], const char *text)
{
    strcpy(path, "/tmp/derisk-XXXXXX");
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, text, strlen(text)), (ssize_t)strlen(text));
    close(handle);
    return path;
}

static bool says(const dr_table *table, const char *note)
{
    for (size_t i = 0; i < table->note_count; i++)
        if (strcmp(table->notes[i], note) == 0)
            return true;
    return false;
}

static void no_error_is_the_point_estimate(void **state)
{
    char path[32];
    (void)state;
    file(path, "sector,trade_elasticity,standard_error\ns0,3,0\ns1,7,0\n");
    setting t = begin(synthetic_new(4, 2, 24, true, true), DR_OPTIONS(dr_model_options, .elasticity = path));
    dr_table *bands = draw(&t, dr_draw_bands, DR_OPTIONS(dr_draw_options, .draws = 9, .elasticity_error = 0.5));
    for (size_t n = 0; n < 4; n++)
        for (size_t c = 1; c < dr_table_columns(bands); c++)
            assert_true(dr_table_number(bands, n, c) == dr_table_number(bands, n, c - (c - 1) % 4));
    dr_table_free(bands);
    end(&t);
    unlink(path);
}

/* Two files that differ in the error of s1 alone: without one it is not drawn, unless one is given for all that have
 * none. */
static void an_error_that_is_not_known_can_be_given(void **state)
{
    char known[32], unknown[32];
    (void)state;
    file(known, "sector,trade_elasticity,standard_error\ns0,3,1\ns1,8,2\n");
    file(unknown, "sector,trade_elasticity,standard_error\ns0,3,1\ns1,8,\n");
    setting a = begin(synthetic_new(3, 2, 25, true, true), DR_OPTIONS(dr_model_options, .elasticity = known));
    setting b = begin(synthetic_new(3, 2, 25, true, true), DR_OPTIONS(dr_model_options, .elasticity = unknown));
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = 20, .seed = 5, .elasticity_error = 0.25};
    dr_table *drawn = draw(&a, dr_draw_all, options), *given = draw(&b, dr_draw_all, options);
    same(drawn, given);
    options.elasticity_error = 0;
    dr_table *without = draw(&b, dr_draw_all, options);
    assert_true(cell(without, 0, "welfare") != cell(given, 0, "welfare"));
    assert_true(says(without, "trade elasticities without a standard error, not drawn: 1 of 2"));
    assert_false(says(given, "trade elasticities without a standard error, not drawn: 1 of 2"));
    dr_table_free(drawn);
    dr_table_free(given);
    dr_table_free(without);
    end(&a);
    end(&b);
    unlink(known);
    unlink(unknown);
}

/* Where the shares are drawn the elasticities are the same as where they are not, so that what is added is theirs.
 * Without a scenario nothing happens: each draw is compared with a base of its own. */
static void shares_have_an_error_too(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(4, 3, 26, true, true), DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = 30, .seed = 6, .share_error = 0.1};
    dr_table *bands = draw(&t, dr_draw_bands, options);
    for (size_t n = 0; n < 4; n++)
        assert_true(cell(bands, n, "welfare_p5") < cell(bands, n, "welfare_median") &&
                    cell(bands, n, "welfare_median") < cell(bands, n, "welfare_p95"));
    dr_table_free(bands);
    options.share_error = 1e-6;
    bands = draw(&t, dr_draw_bands, options);
    for (size_t n = 0; n < 4; n++)
        near(cell(bands, n, "welfare_p5"), cell(bands, n, "welfare"), 1e-4);
    dr_table_free(bands);
    dr_scenario_free(t.scenario);
    t.scenario = NULL;
    options.share_error = 0.1;
    bands = draw(&t, dr_draw_bands, options);
    for (size_t n = 0; n < 4; n++) {
        near(cell(bands, n, "welfare_p5"), 0, 1e-8);
        near(cell(bands, n, "imports_p95"), 0, 1e-8);
    }
    dr_table_free(bands);
    end(&t);
}

/* With no more sweeps than the estimates take, the harder draws fail: they are counted, and have rows of their own. */
static void failed_draws_are_told(void **state)
{
    enum { DRAWS = 30, REGIONS = 4 };
    size_t failed = 0, first = 0;
    (void)state;
    setting t = begin(synthetic_new(REGIONS, 3, 27, true, true), DR_OPTIONS(dr_model_options, .elasticity = "4"));
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = DRAWS, .seed = 7, .elasticity_error = 0.8};
    dr_solution *point = NULL;
    ok(dr_model_solve(&point, t.model, t.scenario));
    t.model->options.max_sweeps = point->certificate.sweeps;
    dr_solution_free(point);
    dr_table *all = draw(&t, dr_draw_all, options), *bands = draw(&t, dr_draw_bands, options);
    for (size_t d = DRAWS; d-- > 0;) {
        bool lost = isnan(cell(all, d * REGIONS, "welfare"));
        const char *why = dr_table_text(all, d * REGIONS, dr_table_columns(all) - 1);
        failed += lost;
        first = lost ? d : first;
        assert_true(lost ? strncmp(why, "no equilibrium found in ", 24) == 0 : !*why);
    }
    assert_true(failed > 0 && failed < DRAWS);
    assert_true(dr_table_fact(all, "draws.failed") == (double)failed);
    assert_true(dr_table_fact(bands, "draws.failed") == (double)failed);
    assert_true(dr_table_fact(bands, "certificate.solves") == (double)(DRAWS - failed));
    char note[512];
    snprintf(note, sizeof note, "draws without an equilibrium: %zu of %d, left out of quantiles; draw %zu: %s", failed,
             DRAWS, first + 1, dr_table_text(all, first * REGIONS, dr_table_columns(all) - 1));
    assert_true(says(bands, note));
    dr_table_free(all);
    dr_table_free(bands);
    end(&t);
}

static void count(const char *what, size_t done, size_t all, void *user)
{
    size_t *last = user;
    assert_string_equal(what, "drawing");
    assert_true(done > *last && done <= all && all == 12);
    *last = done;
}

static void progress_rises(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(3, 2, 28, false, true), DR_OPTIONS(dr_model_options, .elasticity = "4"));
    for (int threads = 1; threads <= 2; threads++) {
        size_t last = 0;
        dr_table_free(draw(&t, dr_draw_bands,
                           DR_OPTIONS(dr_draw_options, .draws = 12, .elasticity_error = 0.1, .threads = threads,
                                      .progress = count, .user = &last)));
        assert_true(threads > 1 || last == 12);
    }
    end(&t);
}

static void refuse(const setting *t, dr_draw_options options, dr_status status, const char *line)
{
    dr_table *table = NULL;
    assert_int_equal(dr_draw_bands(&table, t->model, t->scenario, &options), status);
    assert_string_equal(dr_error_text(), line);
    assert_int_equal(dr_draw_all(&table, t->model, t->scenario, &options), status);
    assert_string_equal(dr_error_text(), line);
    assert_null(table);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    setting t = begin(synthetic_new(3, 2, 29, false, true), DR_OPTIONS(dr_model_options, .elasticity = "4"));
    refuse(&t, DR_OPTIONS(dr_draw_options, .elasticity_error = 0.1), DR_BAD_INPUT,
           "the number of draws must be between 1 and 1000000000 (got 0)");
    refuse(&t, DR_OPTIONS(dr_draw_options, .draws = 1000000001, .elasticity_error = 0.1), DR_BAD_INPUT,
           "the number of draws must be between 1 and 1000000000 (got 1000000001)");
    refuse(&t, DR_OPTIONS(dr_draw_options, .draws = 3, .elasticity_error = -0.1), DR_BAD_INPUT,
           "an elasticity error of -0.1; expected 0 or more");
    refuse(&t, DR_OPTIONS(dr_draw_options, .draws = 3, .share_error = NAN), DR_BAD_INPUT,
           "a share error of nan; expected 0 or more");
    refuse(&t, DR_OPTIONS(dr_draw_options, .draws = 3), DR_BAD_INPUT,
           "nothing to draw: the trade elasticity '4' has no standard error, and none was given for it or for the "
           "shares");
    ok(dr_scenario_ban(t.scenario, "A1,A2", "A0", "s0"));
    t.model->options.max_sweeps = 2;
    dr_table *table = NULL;
    dr_draw_options options = {.size = sizeof(dr_draw_options), .draws = 3, .elasticity_error = 0.1};
    assert_int_equal(dr_draw_bands(&table, t.model, t.scenario, &options), DR_NO_SOLUTION);
    assert_null(table);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_is_splitmix64),
        cmocka_unit_test(factors_have_mean_one_and_the_error_asked_for),
        cmocka_unit_test(quantiles_of_few_are_exact),
        cmocka_unit_test(what_a_draw_lacks_is_left_out),
        cmocka_unit_test(quantiles_of_many_are_right_to_a_bin),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(the_seed_matters),
        cmocka_unit_test(each_draw_is_a_run_of_its_own),
        cmocka_unit_test(bands_are_quantiles_of_all_draws),
        cmocka_unit_test(no_error_is_the_point_estimate),
        cmocka_unit_test(an_error_that_is_not_known_can_be_given),
        cmocka_unit_test(shares_have_an_error_too),
        cmocka_unit_test(failed_draws_are_told),
        cmocka_unit_test(progress_rises),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
