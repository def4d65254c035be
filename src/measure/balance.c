/* Balances between two sides of the world, and the terms of their exports, as tables. Formulas: docs/measures.md. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/residual.h"
#include "base/table.h"
#include "measure/answers.h"
#include "measure/terms.h"
#include "measure/trade.h"
#include "world/describe.h"

static void certify(dr_table *table, double worst, const char *equation)
{
    dr_table_add_fact(table, "certificate.worst_residual", worst);
    dr_table_add_fact_text(table, "certificate.worst_equation", equation);
}

/* ---- Balances ---------------------------------------------------------------------------------------------------- */

enum { KEY, EXPORTS, IMPORTS, BALANCE, VALUE_ADDED, GROSS_COLUMNS = VALUE_ADDED, COLUMNS = 7 };

static dr_status new_table(dr_table **out, const dr_balance_options *o)
{
    const dr_column_spec columns[COLUMNS] = {o->by == DR_BALANCE_BY_SECTOR ? (dr_column_spec){"sector", DR_SHOW_TEXT}
                                                                           : (dr_column_spec){"year", DR_SHOW_COUNT},
                                             {"exports", DR_SHOW_VALUE},
                                             {"imports", DR_SHOW_VALUE},
                                             {"balance", DR_SHOW_VALUE},
                                             {"value_added_exports", DR_SHOW_VALUE},
                                             {"value_added_imports", DR_SHOW_VALUE},
                                             {"value_added_balance", DR_SHOW_VALUE}};
    return dr_table_new(out, columns, o->value_added ? COLUMNS : GROSS_COLUMNS);
}

static void set_trade(dr_table *table, size_t row, size_t column, double exports, double imports)
{
    dr_table_set_number(table, row, column, exports);
    dr_table_set_number(table, row, column + 1, imports);
    dr_table_set_number(table, row, column + 2, exports - imports);
}

/* The sums over sectors, as a row. */
static size_t add_sum(dr_table *table, const dr_pair *p, bool value_added)
{
    const dr_trade *trades[] = {&p->gross, &p->value_added};
    size_t row = dr_table_add_row(table);
    for (size_t t = 0; t < (value_added ? 2 : 1); t++) {
        double exports = 0, imports = 0;
        for (size_t s = 0; s < p->names->sectors; s++) {
            exports += trades[t]->exports[s];
            imports += trades[t]->imports[s];
        }
        set_trade(table, row, t ? VALUE_ADDED : EXPORTS, exports, imports);
    }
    return row;
}

static void add_year(dr_table *table, const dr_pair *p, const dr_balance_options *o)
{
    size_t row = add_sum(table, p, o->value_added);
    dr_table_set_number(table, row, KEY, p->names->year);
}

static void add_sectors(dr_table *table, const dr_pair *p, const dr_balance_options *o)
{
    for (size_t s = 0; s < p->names->sectors; s++) {
        size_t row = dr_table_add_row(table);
        dr_table_set_text(table, row, KEY, dr_economy_sector(p->names, s));
        set_trade(table, row, EXPORTS, p->gross.exports[s], p->gross.imports[s]);
        if (o->value_added)
            set_trade(table, row, VALUE_ADDED, p->value_added.exports[s], p->value_added.imports[s]);
    }
    size_t sum = add_sum(table, p, o->value_added);
    dr_table_set_text(table, sum, KEY, "all");
    dr_table_set_kind(table, sum, DR_ROW_TOTAL);
}

/* What a balance is of: trade, or an account of its year. */
static dr_status compute(dr_pair *p, const dr_balance_options *o, dr_embodied **embodied)
{
    if (o->account) {
        DR_TRY(dr_embodied_new(embodied, p->world, o->account, p->names->year));
        return dr_pair_embodied(p, *embodied);
    }
    DR_TRY(dr_pair_gross(p));
    return o->value_added ? dr_pair_value_added(p) : DR_OK;
}

static void describe_account(dr_table *table, const dr_embodied *e, const char *a)
{
    dr_table_set_unit(table, e->account->unit);
    dr_embodied_describe(table, e);
    dr_table_add_note(table,
                      "exports: what producers of %s have of it for the final use of the other side, through every "
                      "stage and third country; imports: the same the other way",
                      a);
}

static void describe(dr_table *table, const char *a, const char *b, const dr_economy *names, int year,
                     const char *source)
{
    dr_describe(table, names->world, year, names->unit, source);
    dr_table_set_unit(table, names->unit);
    dr_table_add_fact_text(table, "of", a);
    dr_table_add_fact_text(table, "to", b ? b : "all others");
}

static void note_overlap(dr_table *table, const char *a, bool overlap)
{
    if (overlap)
        dr_table_add_note(table, "regions in both count as part of %s", a);
}

static void explain(dr_table *table, const char *a, const dr_balance_options *o, double worst)
{
    dr_table_add_note(table, "exports and imports are those of %s; the balance is exports less imports", a);
    if (!o->value_added)
        return;
    dr_table_add_note(
        table,
        "value added: what labour and capital %sof one side add to the final use of the other, through every "
        "stage and third country (Johnson & Noguera 2012)",
        o->by == DR_BALANCE_BY_SECTOR ? "in a sector " : "");
    certify(table, worst, dr_leontief_equation);
}

static dr_status one_year(dr_table *table, dr_world *world, const char *a, const char *b, const dr_balance_options *o)
{
    dr_pair p;
    dr_embodied *embodied = NULL;
    dr_status status = dr_pair_new(&p, world, a, b, o->year);
    if (status == DR_OK)
        status = compute(&p, o, &embodied);
    if (status == DR_OK) {
        describe(table, a, b, p.names, p.names->year, p.names->source);
        dr_table_set_title(table, "%s%s of %s with %s, %d", embodied ? embodied->account->name : "",
                           embodied ? " embodied in trade" : "Trade", a, b ? b : "all others", p.names->year);
        (o->by == DR_BALANCE_BY_SECTOR ? add_sectors : add_year)(table, &p, o);
        if (embodied)
            describe_account(table, embodied, a);
        else
            explain(table, a, o, p.worst);
        note_overlap(table, a, p.overlap);
        dr_named_tell(table, p.names, &p.sides.named);
        dr_answer_balance(table, p.names, a, b, o->account);
    }
    dr_pair_free(&p);
    dr_embodied_free(embodied);
    return status;
}

/* ---- Year by year ---- */

typedef struct series {
    dr_names sources;   /* each title once */
    char left_out[512]; /* years in which a side is empty */
    double worst;
    bool overlap;
    dr_embodied *embodied; /* of the last year that has the account */
} series;

static dr_status add_to_series(series *out, dr_table *table, dr_pair *p, const dr_balance_options *o)
{
    dr_embodied *embodied = NULL;
    dr_status status = compute(p, o, &embodied);
    if (embodied) {
        dr_embodied_free(out->embodied);
        out->embodied = embodied;
    }
    DR_TRY(status);
    add_year(table, p, o);
    out->worst = dr_worse(out->worst, p->worst);
    out->overlap = out->overlap || p->overlap;
    return dr_names_add(&out->sources, p->names->source) < 0 ? dr_fail_memory() : DR_OK;
}

/* A year in which a group has no member is left out, and said; only if that is all of them it is a failure. */
static dr_status add_years(series *out, dr_table *table, dr_world *world, const char *a, const char *b,
                           const dr_balance_options *o)
{
    size_t size = 0;
    dr_status last = DR_OK;
    for (size_t i = 0; i < dr_world_years(world); i++) {
        dr_pair p;
        dr_status status = dr_pair_new(&p, world, a, b, dr_world_year(world, i));
        bool named = status != DR_BAD_INPUT && !o->account; /* which a year may not have either */
        if (o->progress)
            o->progress("years", i, dr_world_years(world), o->user);
        if (status == DR_OK)
            status = add_to_series(out, table, &p, o);
        dr_pair_free(&p);
        if (status != DR_OK && (named || status != DR_BAD_INPUT))
            return status;
        last = status;
        if (status != DR_OK && size < sizeof out->left_out)
            size += (size_t)snprintf(out->left_out + size, sizeof out->left_out - size, "%s%d", size ? ", " : "",
                                     dr_world_year(world, i));
    }
    return table->rows == 0 ? last : DR_OK;
}

static void describe_series(dr_table *table, const series *s, const dr_economy *names, const char *a, const char *b,
                            const dr_balance_options *o)
{
    char source[1024];
    const char *first = s->sources.count ? s->sources.names[0] : "";
    if (s->sources.count > 1)
        snprintf(source, sizeof source, "%.800s, and %zu more", first, s->sources.count - 1);
    describe(table, a, b, names, 0, s->sources.count > 1 ? source : first);
    dr_table_set_title(table, "%s%s of %s with %s", s->embodied ? s->embodied->account->name : "",
                       s->embodied ? " embodied in trade" : "Trade", a, b ? b : "all others");
    if (s->embodied)
        describe_account(table, s->embodied, a);
    else
        explain(table, a, o, s->worst);
    note_overlap(table, a, s->overlap);
    if (*s->left_out)
        dr_table_add_note(table, "years left out because a group has no members%s: %s",
                          s->embodied ? ", or the world no account" : "", s->left_out);
}

/* Notes the changes in groups over the years, and members that the last year does not have. */
static dr_status tell_groups(dr_table *table, const dr_world *world, const dr_economy *names, const char *a,
                             const char *b)
{
    dr_sides sides = {0};
    dr_status status = dr_sides_read(&sides, names, NULL, a, b);
    if (status == DR_OK) {
        dr_named_tell_changes(table, names, &sides.named, dr_world_year(world, 0), names->year);
        dr_named_tell(table, names, &sides.named);
    }
    dr_sides_free(&sides);
    return status == DR_BAD_INPUT ? DR_OK : status; /* a side that is empty in the last year is said elsewhere */
}

static dr_status all_years(dr_table *table, dr_world *world, const char *a, const char *b, const dr_balance_options *o)
{
    series s = {0};
    dr_economy *names = NULL;
    dr_status status = dr_economy_load_names(&names, world, 0);
    if (status == DR_OK)
        status = add_years(&s, table, world, a, b, o);
    if (status == DR_OK)
        describe_series(table, &s, names, a, b, o);
    if (status == DR_OK)
        status = tell_groups(table, world, names, a, b);
    if (status == DR_OK)
        dr_answer_balance(table, names, a, b, o->account);
    dr_names_free(&s.sources);
    dr_economy_free(names);
    dr_embodied_free(s.embodied);
    return status;
}

dr_status dr_balance(dr_table **out, dr_world *world, const char *a, const char *b, const dr_balance_options *options)
{
    DR_TRY(DR_GIVEN(out, world, a));
    dr_balance_options whole;
    DR_TRY(DR_TAKE_OPTIONS(&whole, options));
    options = &whole;
    DR_TRY(DR_ONE_OF(__func__, options->by, DR_BALANCE_BY_YEAR));
    dr_table *table = NULL;
    if (options->by == DR_BALANCE_BY_YEAR && options->year)
        return dr_fail(DR_USAGE, "a balance by year covers all years: leave out the year %d", options->year);
    if (options->account && options->value_added)
        return dr_fail(DR_USAGE, "a balance is of an account or in value added, not both");
    DR_TRY(new_table(&table, options));
    return dr_table_finish(out, table,
                           (options->by == DR_BALANCE_BY_YEAR ? all_years : one_year)(table, world, a, b, options));
}

/* ---- Terms ------------------------------------------------------------------------------------------------------- */

typedef struct term {
    const char *name, *part, *meaning;
} term;

static const term kww[DR_KWW_TERMS] = {
    {"kww1", "value added abroad", "domestic value added in final goods exported"},
    {"kww2", "value added abroad", "domestic value added in inputs, absorbed by the direct importer"},
    {"kww3", "value added abroad", "domestic value added in inputs, sold on to third economies"},
    {"kww4", "returns home", "domestic value added in inputs that comes home in final goods"},
    {"kww5", "returns home", "domestic value added in inputs that comes home in inputs, absorbed at home"},
    {"kww6", "double counting", "domestic value added counted again: it came home in inputs to exports"},
    {"kww7", "foreign value added", "foreign value added in final goods exported"},
    {"kww8", "foreign value added", "foreign value added in inputs, absorbed by the direct importer"},
    {"kww9", "double counting", "foreign value added counted again: in inputs to the importer's exports"},
};

static const term bm[DR_BM_TERMS] = {
    [DR_BM_FINAL] = {"dva_final", "value added abroad", "domestic value added in final goods"},
    [DR_BM_INPUTS] = {"dva_inputs", "value added abroad", "domestic value added in inputs, absorbed by the partner"},
    [DR_BM_ONWARD] = {"dva_onward", "value added abroad",
                      "domestic value added in inputs, sold on and absorbed abroad"},
    [DR_BM_RETURN] = {"reflection", "returns home",
                      "domestic value added in inputs that is absorbed at home in the end"},
    [DR_BM_DOMESTIC_DOUBLE] = {"ddc", "double counting", "domestic value added that had left the country before"},
    [DR_BM_FOREIGN] = {"fva", "foreign value added",
                       "foreign value added, for the first time in the country's exports"},
    [DR_BM_FOREIGN_DOUBLE] = {"fdc", "double counting", "foreign value added that had been in its exports before"},
};

/* Exports in terms: those of A, and those of B unless nobody in particular is B. */
typedef struct split {
    const term *terms;
    size_t count, sides;
    double values[2][DR_KWW_TERMS], gross[2];
    double worst; /* residual of the terms against gross exports, relative */
} split;

/* party[region]: below `sides` for a side, A being 0, and every other region one of its own. Returns how many. */
static size_t parties(const dr_pair *p, size_t sides, size_t *party)
{
    size_t count = sides;
    for (size_t i = 0; i < p->names->regions; i++)
        party[i] = p->sides.of[i] ? 0 : p->sides.to[i] && sides > 1 ? 1 : count++;
    return count;
}

static dr_status compute_terms(split *out, const dr_pair *p, const dr_matrix *m, const dr_leontief *world,
                               size_t *party)
{
    size_t count = parties(p, out->sides, party);
    for (size_t side = 0; side < out->sides; side++) {
        double *values = out->values[side], *gross = &out->gross[side];
        DR_TRY(out->terms == kww ? dr_terms_kww(values, gross, m, world, party, count, side)
                                 : dr_terms_bm(values, gross, m, world, party, side, 1 - side));
    }
    return DR_OK;
}

static dr_status load_terms(split *out, const dr_pair *p)
{
    dr_matrix *m = NULL;
    dr_leontief *world = NULL;
    size_t *party = dr_new(p->names->regions, sizeof *party);
    dr_status status = party ? dr_matrix_load(&m, p->world, p->names->year) : dr_fail_memory();
    if (status == DR_OK)
        status = dr_leontief_new(&world, m, NULL);
    if (status == DR_OK)
        status = compute_terms(out, p, m, world, party);
    dr_leontief_free(world);
    dr_matrix_free(m);
    free(party);
    return status;
}

static void add_term(dr_table *table, const split *s, const term *t, const double values[2])
{
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, 0, t->name);
    dr_table_set_text(table, row, 1, t->part);
    dr_table_set_text(table, row, 2, t->meaning);
    for (size_t side = 0; side < s->sides; side++) {
        dr_table_set_number(table, row, 3 + 2 * side, values[side]);
        dr_table_set_number(table, row, 4 + 2 * side, s->gross[side] != 0 ? values[side] / s->gross[side] : NAN);
    }
}

static void title_terms(dr_table *table, const split *s, const dr_pair *p)
{
    const char *b = p->b ? p->b : "all others", *what = "by source of value added";
    int year = p->names->year;
    if (s->terms == bm)
        dr_table_set_title(table, "Exports of %s to %s, and of %s to %s, %s, %d", p->a, b, b, p->a, what, year);
    else if (s->sides > 1)
        dr_table_set_title(table, "All exports of %s, and of %s, %s, %d", p->a, b, what, year);
    else
        dr_table_set_title(table, "All exports of %s, %s, %d", p->a, what, year);
}

static void fill_terms(dr_table *table, const split *s, const dr_pair *p)
{
    describe(table, p->a, p->b, p->names, p->names->year, p->names->source);
    title_terms(table, s, p);
    for (size_t t = 0; t < s->count; t++)
        add_term(table, s, &s->terms[t], (double[]){s->values[0][t], s->values[1][t]});
    add_term(table, s, &(term){"gross", "gross exports", "all of the above"}, s->gross);
    dr_table_set_kind(table, table->rows - 1, DR_ROW_TOTAL);
    dr_table_add_note(table, "terms: %s; a group is one economy",
                      s->terms == kww ? "Koopman, Wang & Wei (2014)"
                                      : "Borin & Mancini (2023), the exporter's perspective, source-based");
    note_overlap(table, p->a, p->overlap);
    dr_named_tell(table, p->names, &p->sides.named);
    certify(table, s->worst, dr_terms_equation);
    dr_answer_terms(table, p->names, p->a, p->b);
}

/* The nine terms are of all exports of an economy; without a B only A's. */
static dr_status split_pair(dr_table **out, const dr_pair *p, dr_terms terms)
{
    static const dr_column_spec columns[] = {{"term", DR_SHOW_TEXT},          {"part", DR_SHOW_TEXT},
                                             {"meaning", DR_SHOW_TEXT},       {"exports", DR_SHOW_VALUE},
                                             {"share", DR_SHOW_SHARE},        {"partner_exports", DR_SHOW_VALUE},
                                             {"partner_share", DR_SHOW_SHARE}};
    split s = {.terms = bm, .count = DR_BM_TERMS, .sides = 2};
    if (terms == DR_TERMS_KWW)
        s = (split){.terms = kww, .count = DR_KWW_TERMS, .sides = p->b ? 2 : 1};
    DR_TRY(load_terms(&s, p));
    for (size_t side = 0; side < s.sides; side++)
        DR_TRY(dr_terms_certify(&s.worst, s.values[side], s.count, s.gross[side]));
    DR_TRY(dr_table_new(out, columns, 3 + 2 * s.sides));
    fill_terms(*out, &s, p);
    return DR_OK;
}

dr_status dr_export_terms(dr_table **out, dr_world *world, const char *a, const char *b, int year, dr_terms terms)
{
    DR_TRY(DR_GIVEN(out, world, a));
    DR_TRY(DR_ONE_OF(__func__, terms, DR_TERMS_KWW));
    dr_pair p;
    dr_table *table = NULL;
    dr_status status = dr_pair_new(&p, world, a, b, year);
    if (status == DR_OK)
        status = split_pair(&table, &p, terms);
    dr_pair_free(&p);
    return dr_table_finish(out, table, status);
}
