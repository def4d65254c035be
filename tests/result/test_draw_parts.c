/* Parts of a run of draws: together they are the run, whatever their number; and a part that is not of it is told. */
#include "support/world_files.h"

#include <math.h>

#include "base/table.h"
#include "equilibrium/solution.h"
#include "result/provenance.h"
#include "support/synthetic.h"

typedef struct setting {
    synthetic y;
    dr_economy *economy;
    dr_model *model;
    dr_scenario *scenario;
} setting;

static setting begin(size_t regions, double rate)
{
    setting t = {.y = synthetic_new(regions, 2, 31, true, true)};
    t.economy = synthetic_economy(&t.y);
    assert_ok(dr_model_new(&t.model, t.economy, &DR_OPTIONS(dr_model_options, .elasticity = "4")));
    assert_ok(dr_scenario_new(&t.scenario, t.economy));
    assert_ok(dr_scenario_tariff(t.scenario, "A0", "A1", "all", rate, DR_RATE_ADD));
    return t;
}

static void end(setting *t)
{
    dr_scenario_free(t->scenario);
    dr_model_free(t->model);
    dr_economy_free(t->economy);
    synthetic_free(&t->y);
}

/* Few sweeps are allowed, so that the harder draws fail. */
static void let_some_fail(setting *t)
{
    dr_solution *point = NULL;
    assert_ok(dr_model_solve(&point, t->model, t->scenario));
    t->model->options.max_sweeps = point->certificate.sweeps;
    dr_solution_free(point);
}

static const char *const folder[] = {"parts"};

static const char *name_of(size_t part)
{
    static char path[64];
    snprintf(path, sizeof path, "parts/%03zu.parquet", part);
    return path;
}

static void make_parts(const setting *t, const dr_draw_options *options, size_t parts)
{
    bool there = true;
    assert_int_equal(mkdir("parts", 0777), 0);
    for (size_t part = parts; part > 0; part--) {
        assert_ok(dr_draw_part(&there, name_of(part), t->model, t->scenario, options, part, parts));
        assert_false(there);
    }
}

static void remove_parts(size_t parts)
{
    for (size_t part = 1; part <= parts; part++)
        (void)remove(name_of(part));
    assert_int_equal(rmdir("parts"), 0);
}

static void same_numbers(double a, double b)
{
    if (!(a == b || (isnan(a) && isnan(b))))
        fail_msg("%.17g is not %.17g", a, b);
}

/* Cells, facts and notes but for times, and for the facts on parts, which come last. */
static void same(const dr_table *one, const dr_table *parts)
{
    assert_string_equal(dr_table_title(one), dr_table_title(parts));
    assert_string_equal(dr_table_unit(one), dr_table_unit(parts));
    assert_int_equal(dr_table_rows(one), dr_table_rows(parts));
    assert_int_equal(dr_table_columns(one), dr_table_columns(parts));
    for (size_t c = 0; c < dr_table_columns(one); c++) {
        assert_string_equal(dr_table_column(one, c), dr_table_column(parts, c));
        assert_int_equal(dr_table_column_type(one, c), dr_table_column_type(parts, c));
        for (size_t row = 0; row < dr_table_rows(one); row++) {
            assert_string_equal(dr_table_text(one, row, c), dr_table_text(parts, row, c));
            assert_int_equal(dr_table_row_kind(one, row), dr_table_row_kind(parts, row));
            same_numbers(dr_table_number(one, row, c), dr_table_number(parts, row, c));
        }
    }
    for (size_t i = 0; i < dr_table_facts(one); i++) {
        const char *name = dr_table_fact_name(one, i);
        assert_string_equal(name, dr_table_fact_name(parts, i));
        assert_string_equal(dr_table_fact_text(one, name), dr_table_fact_text(parts, name));
        if (strcmp(name, "certificate.solve_seconds") != 0)
            same_numbers(dr_table_fact(one, name), dr_table_fact(parts, name));
    }
    assert_int_equal(dr_table_notes(one), dr_table_notes(parts));
    for (size_t i = 0; i < dr_table_notes(one); i++)
        assert_string_equal(dr_table_note(one, i), dr_table_note(parts, i));
}

static void check(const setting *t, dr_draw_options options, size_t parts)
{
    dr_table *one = NULL, *together = NULL;
    assert_ok(dr_draw_bands(&one, t->model, t->scenario, &options));
    make_parts(t, &options, parts);
    assert_ok(dr_draw_combine(&together, folder, 1));
    same(one, together);
    assert_true(dr_table_fact(together, "parts.count") == (double)parts);
    assert_string_equal(dr_table_fact_text(together, "parts.version"), dr_version());
    assert_int_equal(strlen(dr_table_fact_text(together, "parts.world_sha256")), 64);
    dr_table_free(one);
    dr_table_free(together);
    remove_parts(parts);
}

static void parts_are_the_run(void **state)
{
    static const size_t parts[] = {1, 2, 7, 40};
    (void)state;
    setting t = begin(4, 0.3);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        check(&t,
              DR_OPTIONS(dr_draw_options, .draws = 40, .seed = 3, .elasticity_error = 0.3,
                         .share_error = i % 2 ? 0.05 : 0),
              parts[i]);
    end(&t);
}

static void failed_draws_are_counted(void **state)
{
    (void)state;
    setting t = begin(4, 0.5);
    let_some_fail(&t);
    dr_draw_options options = DR_OPTIONS(dr_draw_options, .draws = 30, .seed = 7, .elasticity_error = 0.8);
    dr_table *one = NULL;
    assert_ok(dr_draw_bands(&one, t.model, t.scenario, &options));
    assert_true(dr_table_fact(one, "draws.failed") > 0);
    dr_table_free(one);
    check(&t, options, 30); /* in some parts all draws fail */
    end(&t);
}

/* Beyond the draws that are kept whole, quantiles come from bins: those of the run, too. */
static void many_draws_are_those_of_the_run(void **state)
{
    (void)state;
    setting t = begin(2, 0.3);
    check(&t, DR_OPTIONS(dr_draw_options, .draws = 4500, .seed = 1, .elasticity_error = 0.4), 3);
    end(&t);
}

static void first_leaves_draws_out(void **state)
{
    (void)state;
    setting t = begin(3, 0.3);
    dr_draw_options options = DR_OPTIONS(dr_draw_options, .draws = 12, .seed = 3, .elasticity_error = 0.3);
    dr_table *all = NULL, *later = NULL;
    assert_ok(dr_draw_all(&all, t.model, t.scenario, &options));
    options.first = 7;
    options.draws = 5;
    assert_ok(dr_draw_all(&later, t.model, t.scenario, &options));
    assert_int_equal(dr_table_rows(later), 5 * 3);
    for (size_t row = 0; row < dr_table_rows(later); row++)
        for (size_t c = 0; c < dr_table_columns(later); c++)
            same_numbers(dr_table_number(all, 7 * 3 + row, c), dr_table_number(later, row, c));
    assert_true(dr_table_fact(later, "draws.first") == 8);
    dr_table_free(all);
    dr_table_free(later);
    options.first = 1000000000;
    assert_failed(dr_draw_all(&all, t.model, t.scenario, &options), DR_BAD_INPUT,
                  "5 draws after the first 1000000000; expected at most 1000000000 in all");
    end(&t);
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static void a_part_that_is_there_is_left_alone(void **state)
{
    bool there = false;
    struct stat before, after;
    (void)state;
    setting t = begin(3, 0.3);
    dr_draw_options options = DR_OPTIONS(dr_draw_options, .draws = 10, .seed = 3, .elasticity_error = 0.3);
    make_parts(&t, &options, 2);
    assert_int_equal(stat(name_of(2), &before), 0);
    options.threads = 1; /* changes no result */
    assert_ok(dr_draw_part(&there, name_of(2), t.model, t.scenario, &options, 2, 2));
    assert_true(there);
    assert_int_equal(stat(name_of(2), &after), 0);
    assert_true(before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    assert_int_equal(truncate(name_of(2), before.st_size / 2), 0);
    assert_ok(dr_draw_part(&there, name_of(2), t.model, t.scenario, &options, 2, 2));
    assert_false(there);
    assert_int_equal(truncate(name_of(2), 0), 0);
    assert_ok(dr_draw_part(NULL, name_of(2), t.model, t.scenario, &options, 2, 2));
    assert_int_equal(stat(name_of(2), &after), 0);
    assert_true(after.st_size > before.st_size / 2);
    remove_parts(2);
    end(&t);
}

static void a_part_of_another_run_is_not_replaced(void **state)
{
    (void)state;
    setting t = begin(3, 0.3), other = begin(3, 0.4), small = begin(2, 0.3);
    dr_draw_options options = DR_OPTIONS(dr_draw_options, .draws = 10, .seed = 3, .elasticity_error = 0.3);
    make_parts(&t, &options, 2);
    assert_failed(dr_draw_part(NULL, name_of(1), t.model, t.scenario, &options, 2, 2), DR_BAD_INPUT,
                  "parts/001.parquet: is part 1 of the run, and not part 2; expected a file for each part");
    assert_failed(
        dr_draw_part(NULL, name_of(1), t.model, t.scenario, &options, 1, 3), DR_BAD_INPUT,
        "parts/001.parquet: is a part of another run: the number of parts is 2 and not 3; expected a new name, "
        "or the same run");
    options.seed = 4;
    assert_failed(dr_draw_part(NULL, name_of(1), t.model, t.scenario, &options, 1, 2), DR_BAD_INPUT,
                  "parts/001.parquet: is a part of another run: the seed is 3 and not 4; expected a new name, or the "
                  "same run");
    options.seed = 3;
    assert_failed(dr_draw_part(NULL, name_of(1), other.model, other.scenario, &options, 1, 2), DR_BAD_INPUT,
                  "parts/001.parquet: is a part of another run: the scenario differs; expected a new name, or the same "
                  "run");
    assert_failed(dr_draw_part(NULL, name_of(1), small.model, small.scenario, &options, 1, 2), DR_BAD_INPUT,
                  "parts/001.parquet: is a part of another run: the world differs; expected a new name, "
                  "or the same run");
    write_text("parts/notes.txt", "mine");
    assert_failed(dr_draw_part(NULL, "parts/notes.txt", t.model, t.scenario, &options, 1, 2), DR_BAD_INPUT,
                  "parts/notes.txt: is no part of a run; expected a file that --part has written");
    (void)remove("parts/notes.txt");
    remove_parts(2);
    end(&small);
    end(&other);
    end(&t);
}

static void parts_that_do_not_fit_are_told(void **state)
{
    dr_table *table = NULL;
    (void)state;
    setting t = begin(3, 0.3), other = begin(3, 0.4);
    dr_draw_options options = DR_OPTIONS(dr_draw_options, .draws = 20, .seed = 3, .elasticity_error = 0.3);
    make_parts(&t, &options, 9);
    (void)remove(name_of(3));
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT, "of 9 parts 1 is missing: 3");
    for (size_t part = 5; part <= 9; part++)
        (void)remove(name_of(part));
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "of 9 parts 6 are missing: 3, 5, 6, 7, 8 and 1 more");
    assert_ok(dr_draw_part(NULL, name_of(3), other.model, other.scenario, &options, 3, 9));
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "parts/003.parquet: is of another run than parts/001.parquet: the scenario differs");
    (void)remove(name_of(3));
    assert_ok(dr_draw_part(NULL, name_of(3), t.model, t.scenario, &options, 2, 9));
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "parts/003.parquet: is part 2, and so is parts/002.parquet");
    assert_int_equal(truncate(name_of(2), 500), 0);
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "parts/002.parquet: is damaged: its rows are not all there; make this part again");
    remove_parts(9);
    assert_int_equal(mkdir("parts", 0777), 0);
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "parts: there is no file of a part here; expected names that end with .parquet");
    assert_int_equal(rmdir("parts"), 0);
    assert_failed(dr_draw_combine(&table, folder, 1), DR_BAD_INPUT,
                  "parts: there is no such file; make this part again");
    assert_null(table);
    end(&other);
    end(&t);
}

/* ---- Digests ----------------------------------------------------------------------------------------------------- */

static void digests_tell_runs_apart(void **state)
{
    dr_provenance a, b;
    (void)state;
    setting t = begin(3, 0.3), again = begin(3, 0.3), other = begin(3, 0.300000001);
    dr_provenance_take(&a, t.model, t.scenario);
    dr_provenance_take(&b, again.model, again.scenario);
    assert_string_equal(a.world, b.world);
    assert_string_equal(a.model, b.model);
    assert_string_equal(a.scenario, b.scenario);
    dr_provenance_take(&b, other.model, other.scenario);
    assert_string_equal(a.model, b.model);
    assert_string_not_equal(a.scenario, b.scenario);
    again.economy->flow[1] *= 1 + 1e-15;
    again.model->theta[0] *= 1 + 1e-15;
    dr_provenance_take(&b, again.model, again.scenario);
    assert_string_not_equal(a.world, b.world);
    assert_string_not_equal(a.model, b.model);
    assert_string_equal(a.scenario, b.scenario);
    end(&other);
    end(&again);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_the_run),
        cmocka_unit_test(failed_draws_are_counted),
        cmocka_unit_test(many_draws_are_those_of_the_run),
        cmocka_unit_test(first_leaves_draws_out),
        cmocka_unit_test(a_part_that_is_there_is_left_alone),
        cmocka_unit_test(a_part_of_another_run_is_not_replaced),
        cmocka_unit_test(parts_that_do_not_fit_are_told),
        cmocka_unit_test(digests_tell_runs_apart),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
