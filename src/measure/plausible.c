/* dr_check: can the numbers of a world be right? */
#include "measure/plausible.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/check.h"
#include "base/print.h"
#include "measure/customs.h"

enum { VERDICT, CHECK, YEAR, OF, FOUND, VALUE, AGAINST, COLUMNS };

static const dr_column_spec columns[COLUMNS] = {
    {"verdict", DR_SHOW_TEXT}, {"check", DR_SHOW_TEXT},  {"year", DR_SHOW_COUNT},    {"of", DR_SHOW_TEXT},
    {"found", DR_SHOW_TEXT},   {"value", DR_SHOW_VALUE}, {"against", DR_SHOW_VALUE},
};

void dr_finding_add(const dr_findings *findings, const dr_finding *finding, const char *format, ...)
{
    char found[1024];
    va_list arguments;
    va_start(arguments, format);
    dr_vprint_text(found, sizeof found, format, arguments);
    va_end(arguments);
    dr_table *table = finding->look ? findings->look : findings->fine;
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, VERDICT, finding->look ? "look" : "fine");
    dr_table_set_text(table, row, CHECK, finding->check);
    dr_table_set_number(table, row, YEAR, finding->year ? finding->year : (double)NAN);
    dr_table_set_text(table, row, OF, finding->of);
    dr_table_set_text(table, row, FOUND, found);
    dr_table_set_number(table, row, VALUE, finding->value);
    dr_table_set_number(table, row, AGAINST, finding->against);
}

/* ---- Customs statistics ------------------------------------------------------------------------------------------ */

static void tell_gaps(const dr_findings *f, const dr_customs *c, const dr_economy *e)
{
    char words[DR_GAP_SIZE], of[256];
    for (size_t k = 0; k < c->gap_count; k++) {
        const dr_gap *gap = &c->gaps[k];
        snprintf(of, sizeof of, "%.80s from %.80s", e->region_codes.names[gap->importer],
                 e->region_codes.names[gap->exporter]);
        dr_finding finding = {true, "customs", of, e->year, gap->table, gap->customs};
        dr_finding_add(f, &finding, "%s", dr_gap_words(words, gap, c, e));
    }
}

static dr_status check_customs(const dr_findings *f, const dr_world *world, const dr_year_sums *y)
{
    dr_customs c = {0};
    DR_TRY(dr_customs_compare(&c, world, y->names, y->trade));
    tell_gaps(f, &c, y->names);
    dr_finding finding = {false, "customs", "", y->names->year, c.table, c.customs};
    if (c.year > 0)
        dr_finding_add(f, &finding,
                       "compared with product flows of %d%s%s: %zu pairs in %zu sectors, of which the flows cover %zu; "
                       "differing by a factor of three or more: %zu",
                       c.year, *c.currency ? ", not converted from " : "", c.currency, c.pairs, c.sectors, c.covered,
                       c.gap_count);
    dr_customs_free(&c);
    return DR_OK;
}

/* ---- All years --------------------------------------------------------------------------------------------------- */

static dr_status check_years(const dr_findings *f, dr_world *world)
{
    dr_year_sums before = {0}, now = {0};
    dr_status status = DR_OK;
    for (size_t i = 0; status == DR_OK && i < world->year_count && world->has[DR_OF_REGIONS]; i++) {
        status = dr_year_sums_read(&now, world, world->years[i]);
        if (status == DR_OK)
            status = dr_check_year(f, &now);
        if (status == DR_OK && before.names)
            status = dr_check_growth(f, &before, &now);
        if (status == DR_OK && i + 1 == world->year_count)
            status = check_customs(f, world, &now);
        dr_year_sums_free(&before);
        before = now;
        now = (dr_year_sums){0};
    }
    dr_year_sums_free(&before);
    return status;
}

/* The checks of the file itself, each of which is an error where it fails. */
static dr_status check_file(const dr_findings *f, dr_world *world)
{
    dr_table *file = NULL;
    DR_TRY(dr_world_check(&file, world));
    for (size_t row = 0; row < dr_table_rows(file); row++) {
        dr_finding finding = {.check = dr_table_text(file, row, 0),
                              .of = dr_table_text(file, row, 1),
                              .value = (double)NAN,
                              .against = (double)NAN};
        dr_finding_add(f, &finding, "%s", dr_table_text(file, row, 2));
    }
    dr_table_free(file);
    return DR_OK;
}

/* The answer first, then what wants a look, then the rest. */
static void join(const dr_findings *f, const char *path)
{
    size_t looks = dr_table_rows(f->look);
    if (looks > 0)
        dr_table_set_title(f->look, "%s: %zu finding%s a look", path, looks, looks == 1 ? " wants" : "s want");
    else
        dr_table_set_title(f->look, "%s: nothing found", path);
    for (size_t from = 0; from < dr_table_rows(f->fine); from++) {
        size_t row = dr_table_add_row(f->look);
        for (size_t column = 0; column < COLUMNS; column++)
            if (columns[column].show == DR_SHOW_TEXT)
                dr_table_set_text(f->look, row, column, dr_table_text(f->fine, from, column));
            else
                dr_table_set_number(f->look, row, column, dr_table_number(f->fine, from, column));
    }
    dr_table_add_fact(f->look, "findings", (double)looks);
    if (looks > 0)
        dr_table_say(f->look,
                     "Of %zu checks of the file and its numbers, %zu %s a look; the others found nothing wrong.",
                     f->look->rows, looks, looks == 1 ? "wants" : "want");
    else
        dr_table_say(f->look, "%zu checks of the file and its numbers found nothing wrong.", f->look->rows);
}

dr_status dr_check(dr_table **out, dr_world *world)
{
    DR_TRY(DR_GIVEN(out, world));
    dr_findings f = {0};
    dr_status status = dr_table_new(&f.look, columns, COLUMNS);
    if (status == DR_OK)
        status = dr_table_new(&f.fine, columns, COLUMNS);
    if (status == DR_OK)
        status = check_years(&f, world);
    if (status == DR_OK)
        status = check_file(&f, world);
    if (status == DR_OK) {
        join(&f, world->path);
        dr_table_keep_rows(f.look);
        status = dr_table_done(f.fine);
    }
    dr_table_free(f.fine);
    return dr_table_finish(out, f.look, status == DR_OK ? DR_OK : status);
}
