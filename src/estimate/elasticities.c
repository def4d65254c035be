/* Trade elasticities from tariffs: what a coefficient on log(1 + tariff) says of theta, and keeping them in a world. */
#include "estimate/elasticities.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "estimate/gravity.h"
#include "world/estimates.h"

static const dr_column_spec columns[] = {{"sector", DR_SHOW_TEXT},
                                         {"trade_elasticity", DR_SHOW_NUMBER},
                                         {"standard_error", DR_SHOW_NUMBER},
                                         {"low", DR_SHOW_NUMBER},
                                         {"high", DR_SHOW_NUMBER},
                                         {"coefficient", DR_SHOW_NUMBER},
                                         {"p", DR_SHOW_NUMBER},
                                         {"observations", DR_SHOW_COUNT}};

enum { COLUMNS = sizeof columns / sizeof *columns, SECTOR = 0, ELASTICITY, ERROR, OBSERVATIONS = COLUMNS - 1 };

/* Spending on a source, tariff included, falls with (1 + tariff)^-theta; what is left of it without the tariff, with
 * (1 + tariff)^-(1 + theta). */
dr_status dr_elasticities_table(dr_table **out, const char *method, const char *flows, bool with_tariff)
{
    dr_table *table = NULL;
    DR_TRY(dr_table_new(&table, columns, COLUMNS));
    dr_table_set_title(table, "Trade elasticities from tariffs, %s", flows);
    dr_table_add_fact_text(table, "method", method);
    dr_table_add_fact_text(table, "flows", flows);
    dr_table_add_note(table, "%s", method);
    dr_table_add_note(table, with_tariff
                                 ? "trade includes the tariff: its elasticity is minus the coefficient"
                                 : "trade is without the tariff: its elasticity is minus the coefficient, less 1");
    *out = table;
    return DR_OK;
}

void dr_elasticities_add(dr_table *table, const char *sector, double coefficient, double error, double freedom,
                         double observations, bool with_tariff)
{
    double theta = -coefficient - (with_tariff ? 0 : 1), reach = dr_critical(0.05, freedom) * error;
    const double numbers[] = {theta,         error,       theta - reach,
                              theta + reach, coefficient, dr_two_sided(coefficient / error, freedom),
                              observations};
    size_t row = dr_table_add_row(table);
    dr_table_set_text(table, row, SECTOR, sector);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        dr_table_set_number(table, row, i + 1, numbers[i]);
}

dr_status dr_gravity_elasticities(dr_table **out, const dr_gravity *gravity, bool with_tariff)
{
    DR_TRY(DR_GIVEN(out, gravity));
    dr_table *table = NULL;
    char method[600];
    if (gravity->formulas != 1)
        return dr_fail(DR_USAGE, "elasticities need exactly one formula");
    snprintf(method, sizeof method, "%s of %.500s", dr_gravity_estimator(gravity, &gravity->formula[0]),
             gravity->formula[0].text);
    DR_TRY(dr_elasticities_table(&table, method, gravity->flows, with_tariff));
    for (size_t i = 0; i < gravity->fits; i++) {
        const dr_fitted *fit = &gravity->fit[i];
        const char *level = dr_fit_level(gravity, fit), *sector = *level ? level : "all";
        dr_estimate_line line;
        if (fit->regression)
            dr_fit_line(&line, gravity, fit, 0);
        if (!fit->regression || *line.why) {
            dr_table_add_note(table, "no elasticity for %s: %s", sector, fit->regression ? line.why : fit->failure);
            continue;
        }
        dr_elasticities_add(table, sector, line.coefficient, line.error, fit->regression->freedom,
                            (double)fit->regression->used, with_tariff);
    }
    return dr_table_finish(out, table, DR_OK);
}

static const char *fact_of(const dr_table *table, const char *name)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (table->facts[i].text && strcmp(table->facts[i].name, name) == 0)
            return table->facts[i].text;
    return "";
}

dr_status dr_elasticities_store(const dr_table *elasticities, const char *path, const char *name)
{
    DR_TRY(DR_GIVEN(elasticities, path, name));
    static const dr_column_spec stored[] = {{"sector", DR_SHOW_TEXT},           {"trade_elasticity", DR_SHOW_NUMBER},
                                            {"standard_error", DR_SHOW_NUMBER}, {"observations", DR_SHOW_COUNT},
                                            {"method", DR_SHOW_TEXT},           {"flows", DR_SHOW_TEXT}};
    dr_table *table = NULL;
    if (elasticities->rows == 0)
        return dr_fail(DR_BAD_INPUT, "no elasticity to store");
    DR_TRY(dr_table_new(&table, stored, sizeof stored / sizeof *stored));
    for (size_t row = 0; row < elasticities->rows; row++) {
        dr_table_add_row(table);
        dr_table_set_text(table, row, 0, dr_table_text(elasticities, row, SECTOR));
        dr_table_set_number(table, row, 1, dr_table_number(elasticities, row, ELASTICITY));
        dr_table_set_number(table, row, 2, dr_table_number(elasticities, row, ERROR));
        dr_table_set_number(table, row, 3, dr_table_number(elasticities, row, OBSERVATIONS));
        dr_table_set_text(table, row, 4, fact_of(elasticities, "method"));
        dr_table_set_text(table, row, 5, fact_of(elasticities, "flows"));
    }
    dr_status status = dr_table_done(table);
    if (status == DR_OK)
        status = dr_stored_write(DR_STORED_ELASTICITIES, path, name, table, NULL, NULL);
    dr_table_free(table);
    return status;
}
