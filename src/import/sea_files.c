/* WIOD's socio-economic accounts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "import/account_rows.h"

/* The variables that are no money: names and units as in the release notes (Timmer et al. 2015; Gouma et al. 2018). */
static const struct {
    const char *variable, *account, *unit;
} variables[] = {
    {"EMP", "persons engaged", "thousand persons"},
    {"EMPE", "employees", "thousand persons"},
    {"H_EMP", "hours of persons engaged", "million hours"},
    {"H_EMPE", "hours of employees", "million hours"},
};

enum { COUNTRY, CODE, VARIABLE, YEAR };

/* "2011", "_2011", "X2011" */
static int year_in(const char *name)
{
    const char *digits = name + (*name == '_' || *name == 'X' || *name == 'x');
    for (int i = 0; i < 4; i++)
        if (!isdigit((unsigned char)digits[i]))
            return 0;
    return digits[4] ? 0 : (int)strtol(digits, NULL, 10);
}

static int variable_of(const char *name)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (strcasecmp(name, variables[i].variable) == 0)
            return (int)i;
    return -1;
}

bool dr_sea_is(const dr_csv *csv, dr_sea *s)
{
    static const char *const names[DR_SEA_FIXED] = {"country", "code", "variable", "year"};
    size_t years = 0, counted = 0;
    *s = (dr_sea){.fixed = {-1, -1, -1, -1}, .count = dr_csv_fields(csv)};
    if (s->count > DR_SEA_MOST_COLUMNS)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        years += (s->years[i] = year_in(dr_csv_field(csv, i))) > 0;
        counted += (s->variable[i] = variable_of(dr_csv_field(csv, i))) >= 0;
        for (size_t n = 0; n < DR_SEA_FIXED; n++)
            if (strcasecmp(names[n], dr_csv_field(csv, i)) == 0)
                s->fixed[n] = (int)i;
    }
    bool is_long = s->fixed[VARIABLE] >= 0 && years > 0, is_wide = s->fixed[YEAR] >= 0 && counted > 0;
    return s->fixed[COUNTRY] >= 0 && s->fixed[CODE] >= 0 && (is_long || is_wide);
}

static dr_status take_cell(dr_account_job *j, const dr_csv *csv, size_t column, size_t variable, int year,
                           const dr_account_places_of *at)
{
    size_t part = 0;
    double value = 0;
    if (j->import.options->year && year != j->import.options->year)
        return DR_OK;
    if (!*dr_csv_field(csv, column)) {
        j->empty++;
        return DR_OK;
    }
    DR_TRY(dr_csv_number(csv, column, &value));
    DR_TRY(dr_account_part_find(&j->set, variables[variable].account, variables[variable].unit, year, &part));
    return part == SIZE_MAX ? DR_OK : dr_account_cell(j, csv, part, at, value);
}

/* A row of a variable, with a column for each year. */
static dr_status take_years(dr_account_job *j, const dr_csv *csv, const dr_sea *s, const dr_account_places_of *at)
{
    int variable = variable_of(dr_csv_field(csv, (size_t)s->fixed[VARIABLE]));
    if (variable < 0)
        j->money++;
    for (size_t i = 0; i < s->count && variable >= 0; i++)
        if (s->years[i])
            DR_TRY(take_cell(j, csv, i, (size_t)variable, s->years[i], at));
    return DR_OK;
}

/* A row of a year, with a column for each variable. */
static dr_status take_variables(dr_account_job *j, const dr_csv *csv, const dr_sea *s, const dr_account_places_of *at)
{
    int year = year_in(dr_csv_field(csv, (size_t)s->fixed[YEAR]));
    if (!year)
        return dr_csv_fail(csv, s->fixed[YEAR], "'%.20s' is not a year", dr_csv_field(csv, (size_t)s->fixed[YEAR]));
    for (size_t i = 0; i < s->count; i++)
        if (s->variable[i] >= 0)
            DR_TRY(take_cell(j, csv, i, (size_t)s->variable[i], year, at));
    return DR_OK;
}

static dr_status take_row(dr_account_job *j, const dr_csv *csv, const dr_sea *s)
{
    const char *code = dr_csv_field(csv, (size_t)s->fixed[CODE]);
    dr_account_places_of at;
    if (strcasecmp(code, "TOT") == 0 || strcasecmp(code, "TOTAL") == 0)
        return DR_OK;
    if (s->fixed[VARIABLE] >= 0 && variable_of(dr_csv_field(csv, (size_t)s->fixed[VARIABLE])) < 0) {
        j->money++;
        return DR_OK;
    }
    DR_TRY(dr_account_places(j, csv, s->fixed[COUNTRY], s->fixed[CODE], &at));
    return s->fixed[VARIABLE] >= 0 ? take_years(j, csv, s, &at) : take_variables(j, csv, s, &at);
}

dr_status dr_sea_read(dr_account_job *j, dr_csv *csv, const dr_sea *sea)
{
    bool more = false;
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_row(j, csv, sea));
    }
}
