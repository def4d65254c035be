/* The language of formulas: what is read, how it is written again, and what each mistake is told, with a caret under
 * the place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "estimate/formula.h"

static dr_formula read_formula(const char *text)
{
    dr_formula f;
    if (dr_formula_parse(&f, text) != DR_OK)
        fail_msg("%s", dr_error_text());
    return f;
}

/* The message, then the formula, then `at` blanks and a caret. */
static void expect_error(const char *text, size_t at, const char *message)
{
    char expected[600];
    dr_formula f;
    snprintf(expected, sizeof expected, "formula: %s\n  %s\n  %*s^", message, text, (int)at, "");
    assert_int_equal(dr_formula_parse(&f, text), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), expected);
    dr_formula_free(&f);
}

static void a_formula_has_outcome_variables_and_effects(void **state)
{
    (void)state;
    dr_formula f = read_formula(" trade~rta+ bri |exporter ^ year+importer^year + pair ");
    assert_false(f.logs);
    assert_int_equal(f.terms, 2);
    assert_string_equal(f.term[0].label, "rta");
    assert_string_equal(f.term[1].label, "bri");
    assert_int_equal(f.effects, 3);
    assert_string_equal(f.effect[0].label, "exporter^year");
    assert_int_equal(f.effect[0].names, 2);
    assert_string_equal(f.effect[2].name[0], "pair");
    dr_formula_free(&f);
}

static void log_at_the_left_asks_for_least_squares(void **state)
{
    (void)state;
    dr_formula f = read_formula("log(trade) ~ 1 + log(dist)");
    assert_true(f.logs);
    assert_int_equal(f.outcome->kind, DR_NODE_NAME);
    assert_string_equal(f.outcome_label, "log(trade)");
    assert_int_equal(f.terms, 2); /* the constant is always there */
    assert_string_equal(f.term[1].label, "constant");
    assert_int_equal(f.effects, 0);
    dr_formula_free(&f);
    f = read_formula("log(1 + trade) ~ log(dist)");
    assert_int_equal(f.outcome->kind, DR_NODE_BINARY);
    dr_formula_free(&f);
}

static void labels_are_written_in_one_way(void **state)
{
    static const struct {
        const char *written, *label;
    } terms[] = {{"lag( rta,4 )", "lag(rta, 4)"},
                 {"lag(rta)", "lag(rta, 1)"},
                 {"lead(both(EU),2)", "lead(both(EU), 2)"},
                 {"log( 1+tariff )", "log(1 + tariff)"},
                 {"rta : year", "rta:year"},
                 {"(gdp_i*gdp_j)", "gdp_i * gdp_j"},
                 {"(a+b):year", "(a + b):year"},
                 {"(a - b - c)", "(a - b) - c"},
                 {"(a + b * c)", "a + (b * c)"},
                 {"(year>=1995)", "year >= 1995"},
                 {"(-x)", "0 - x"},
                 {"`GDP (current)`", "GDP (current)"},
                 {"log(2.5e3)", "log(2500)"}};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        dr_formula f;
        if (dr_formula_parse_terms(&f, terms[i].written) != DR_OK)
            fail_msg("%s", dr_error_text());
        assert_int_equal(f.terms, 1);
        assert_string_equal(f.term[0].label, terms[i].label);
        dr_formula_free(&f);
    }
}

static void shifts_look_back_and_ahead(void **state)
{
    (void)state;
    dr_formula f = read_formula("trade ~ lag(rta, 4) + lead(rta, 3)");
    assert_true(f.term[0].factor[0]->number == -4 && f.term[1].factor[0]->number == 3);
    assert_string_equal(f.term[0].factor[0]->left->name, "rta");
    dr_formula_free(&f);
}

static void crossings_stand_alone_for_clusters(void **state)
{
    (void)state;
    dr_formula f;
    assert_int_equal(dr_formula_parse_crossings(&f, "exporter^year, importer"), DR_OK);
    assert_int_equal(f.effects, 2);
    assert_string_equal(f.effect[0].label, "exporter^year");
    dr_formula_free(&f);
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    expect_error("trade", 5,
                 "expected '~' after the outcome, as in \"trade ~ rta | exporter^year + importer^year + pair\"");
    expect_error("trade ~ ", 8, "expected a variable, a number or a function");
    expect_error("trade ~ rta +", 13, "expected a variable, a number or a function");
    expect_error("trade ~ 2 + rta", 8, "a number is not a variable; the constant is always included");
    expect_error("trade ~ lgo(dist)", 8, "there is no function 'lgo'; did you mean 'log'?");
    expect_error("trade ~ frobnicate(dist)", 8,
                 "there is no function 'frobnicate'; the functions are log, exp, sqrt, abs, lag, lead, member, both "
                 "and one");
    expect_error("trade ~ log(dist", 16, "expected ')' here");
    expect_error("trade ~ rta)", 11, "there is no '(' for this ')'");
    expect_error("trade ~ rta / bri", 12,
                 "arithmetic goes into brackets, as in (gdp_i * gdp_j); variables are joined by '+'");
    expect_error("trade ~ rta^year", 12,
                 "expected a number after '^'; categories are combined by ':' among the variables");
    expect_error("trade ~ poly(dist)", 17, "expected ',' and a degree, as in poly(x, 2)");
    expect_error("trade ~ poly(dist, 9)", 19, "expected a whole degree from 1 to 8");
    expect_error("trade ~ i(year, rta, 1990)", 21, "expected ref = a level, as in i(year, rta, ref = 1990)");
    expect_error("trade ~ i(year, ref = )", 22, "expected the level that the others are compared with, such as 1990");
    expect_error("trade ~ i(year, ref = 'a)", 22, "the closing quote of the reference is missing");
    expect_error("trade ~ offset(log(y)", 21, "expected ')' here");
    expect_error("trade ~ rta | pair[year", 23, "expected ']' after the variable of the slopes");
    expect_error("trade ~ rta | pair[year] + pair", 27, "'pair' is given twice");
    expect_error("trade ~ rta ! bri", 12,
                 "arithmetic goes into brackets, as in (gdp_i * gdp_j); variables are joined by '+'");
    expect_error("trade ~ rta bri", 12, "unexpected text");
    expect_error("trade ~ rta + lag(rta, 0)", 23, "expected a whole number of years from 1 to 200");
    expect_error("trade ~ lag(rta, 1.5)", 17, "expected a whole number of years from 1 to 200");
    expect_error("trade ~ lag(rta, x)", 17, "expected a number of years");
    expect_error("trade ~ rta + rta", 14, "'rta' is given twice");
    expect_error("trade ~ rta | ", 14, "expected a category such as exporter, year or pair");
    expect_error("trade ~ rta | pair + pair", 21, "'pair' is given twice");
    expect_error("trade ~ rta | exporter^", 23, "expected a category such as exporter, year or pair");
    expect_error("trade ~ both()", 13, "expected the name of a group");
    expect_error("trade ~ `rta", 8, "the closing backquote of the name is missing");
    expect_error("trade ~ log(1.2.3)", 12, "'1.2.3' is not a number");
}

static void carets_count_letters_not_bytes(void **state)
{
    (void)state;
    dr_formula f;
    assert_int_equal(dr_formula_parse(&f, "exportação ~ rta ?"), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "\n  exportação ~ rta ?\n                   ^"));
    dr_formula_free(&f);
}

static void expect_terms(const char *text, size_t count, const char *const *labels)
{
    dr_formula f;
    if (dr_formula_parse_terms(&f, text) != DR_OK)
        fail_msg("%s", dr_error_text());
    assert_int_equal(f.terms, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(f.term[i].label, labels[i]);
    dr_formula_free(&f);
}

static void short_forms_are_written_out(void **state)
{
    (void)state;
    expect_terms("a*b*c", 7, (const char *[]){"a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"});
    expect_terms("a + a*b", 3, (const char *[]){"a", "b", "a:b"});
    expect_terms("poly(x, 3)", 3, (const char *[]){"x", "x^2", "x^3"});
    expect_terms("x^-0.5 + (a+b)^2:year", 2, (const char *[]){"x^-0.5", "(a + b)^2:year"});
    expect_terms("i(year, rta, ref = 1990) + i(sector)", 2, (const char *[]){"rta:year", "sector"});
    dr_formula f = read_formula("trade ~ rta + offset(log(y)) + offset(x) | pair[year, x^2] + year[[z]]");
    static const char *const effects[] = {"pair", "pair[[year]]", "pair[[x^2]]", "year[[z]]"};
    assert_int_equal(f.terms, 1);
    assert_int_equal(f.offset->operation, DR_OP_ADD);
    assert_int_equal(f.effects, 4);
    for (size_t e = 0; e < 4; e++)
        assert_string_equal(f.effect[e].label, effects[e]);
    assert_null(f.effect[0].slope);
    dr_formula_free(&f);
    f = read_formula("trade ~ 1 | pair");
    assert_int_equal(f.terms, 0);
    dr_formula_free(&f);
}

static void expect_steps(const char *text, size_t count, const char *const *texts)
{
    dr_arena arena = {0};
    char **out = NULL;
    size_t found = 0;
    if (dr_formula_steps(&out, &found, text, &arena) != DR_OK)
        fail_msg("%s", dr_error_text());
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(out[i], texts[i]);
    dr_arena_free(&arena);
}

static void steps_are_formulas_of_their_own(void **state)
{
    (void)state;
    expect_steps("trade ~ rta | pair", 1, (const char *[]){"trade ~ rta | pair"});
    expect_steps("c(x, log(m)) ~ rta | pair", 2, (const char *[]){"x ~ rta | pair", "log(m) ~ rta | pair"});
    expect_steps("y ~ a + sw(b, log(c)) | pair", 2, (const char *[]){"y ~ a + b | pair", "y ~ a + log(c) | pair"});
    expect_steps("y ~ csw(a,b, c)", 3, (const char *[]){"y ~ a", "y ~ a + b", "y ~ a + b + c"});
    expect_steps("y ~ sw0(a, b) | p", 3, (const char *[]){"y ~ 1 | p", "y ~ a | p", "y ~ b | p"});
    expect_steps("y ~ a | csw0(p, q)", 3, (const char *[]){"y ~ a ", "y ~ a | p", "y ~ a | p + q"});
    expect_steps("y ~ a | p + sw0(q)", 2, (const char *[]){"y ~ a | p ", "y ~ a | p + q"});
    expect_steps("c(x, y) ~ sw(a, b)", 4, (const char *[]){"x ~ a", "x ~ b", "y ~ a", "y ~ b"});
    expect_steps("y ~ lag(a, 4) + crow(b)", 1, (const char *[]){"y ~ lag(a, 4) + crow(b)"});
    dr_arena arena = {0};
    char **out = NULL;
    size_t found = 0;
    assert_int_equal(dr_formula_steps(&out, &found, "y ~ sw(a, b", &arena), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "formula: this bracket is not closed\n  y ~ sw(a, b\n        ^");
    assert_int_equal(dr_formula_steps(&out, &found, "y ~ sw(a,)", &arena), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "formula: expected a variable or an effect\n  y ~ sw(a,)\n           ^");
    assert_int_equal(dr_formula_steps(&out, &found, "y ~ sw(a,b,c,d,e) + sw(a,b,c,d,e) + sw(a,b,c,d,e)", &arena),
                     DR_BAD_INPUT);
    dr_arena_free(&arena);
}

static void what_is_beyond_all_reason_is_refused(void **state)
{
    (void)state;
    dr_formula f;
    char text[5000] = "trade ~ ";
    memset(text + 8, '(', 200);
    assert_int_equal(dr_formula_parse(&f, text), DR_BAD_INPUT);
    assert_non_null(strstr(dr_error_text(), "brackets nested more than 64 deep"));
    dr_formula_free(&f);
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(dr_formula_parse(&f, text), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "formula: 4999 bytes; the maximum is 4000");
    dr_formula_free(&f);
    assert_int_equal(dr_formula_parse(&f, "trade ~ \xff"), DR_BAD_INPUT);
    assert_string_equal(dr_error_text(), "formula: text that is not UTF-8");
    dr_formula_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_formula_has_outcome_variables_and_effects),
        cmocka_unit_test(log_at_the_left_asks_for_least_squares),
        cmocka_unit_test(labels_are_written_in_one_way),
        cmocka_unit_test(shifts_look_back_and_ahead),
        cmocka_unit_test(crossings_stand_alone_for_clusters),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(carets_count_letters_not_bytes),
        cmocka_unit_test(short_forms_are_written_out),
        cmocka_unit_test(steps_are_formulas_of_their_own),
        cmocka_unit_test(what_is_beyond_all_reason_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
