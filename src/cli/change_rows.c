/* Changes of policy as options: one for each instrument of the policy language. */
#include "cli/change_rows.h"

#include <stdio.h>
#include <string.h>

#include "scenario/change_line.h"

static const option_kind of_region_sector[] = {OPTION_REGION, OPTION_SECTOR};
static const option_kind of_region_region_sector_rate[] = {OPTION_REGION, OPTION_REGION, OPTION_SECTOR, OPTION_RATE};
static const option_kind of_region_region_sector_number[] = {OPTION_REGION, OPTION_REGION, OPTION_SECTOR,
                                                             OPTION_NUMBER};
static const option_kind of_region_region_sector[] = {OPTION_REGION, OPTION_REGION, OPTION_SECTOR};
static const option_kind of_region_region_sector_value[] = {OPTION_REGION, OPTION_REGION, OPTION_SECTOR, OPTION_TEXT};
static const option_kind of_region_region_sector_value_rate_rate[] = {OPTION_REGION, OPTION_REGION, OPTION_SECTOR,
                                                                      OPTION_TEXT,   OPTION_RATE,   OPTION_RATE};
static const option_kind of_region_sector_rate[] = {OPTION_REGION, OPTION_SECTOR, OPTION_RATE};
static const option_kind of_region_sector_value_rate[] = {OPTION_REGION, OPTION_SECTOR, OPTION_TEXT, OPTION_RATE};
static const option_kind of_region_use_use_rate[] = {OPTION_REGION, OPTION_TEXT, OPTION_TEXT, OPTION_RATE};
static const option_kind of_region_region_value[] = {OPTION_REGION, OPTION_REGION, OPTION_TEXT};
static const option_kind of_region_region_number[] = {OPTION_REGION, OPTION_REGION, OPTION_NUMBER};
static const option_kind of_region_sector_number[] = {OPTION_REGION, OPTION_SECTOR, OPTION_NUMBER};

#define CHANGE(option, shape, of, effect)                                                                              \
    {                                                                                                                  \
        (option), (shape), .kind = OPTION_TEXT, .many = true, .parts = (of), .part_count = sizeof(of) / sizeof *(of),  \
                           .help = (effect)                                                                            \
    }

const option_row cli_change_rows[] = {
    CHANGE("tariff", "BY:ON:SECTORS:RATE[:inside]", of_region_region_sector_rate,
           "BY sets its tariff on goods of ON to RATE (25% or 0.25)"),
    CHANGE("trade-cost", "BETWEEN:AND:SECTORS:TIMES[:inside]", of_region_region_sector_number,
           "the cost of trade in both directions is multiplied by TIMES"),
    CHANGE("ban", "BY:ON:SECTORS[:inside]", of_region_region_sector, "BY buys nothing more from ON"),
    CHANGE("autarky", "IN[:SECTORS][:inside]", of_region_sector,
           "the regions IN trade with no other any more, in either direction"),
    CHANGE("export-curb", "BY:TO:SECTORS:CUT[:inside]", of_region_region_sector_rate,
           "BY sells to TO less than before by CUT (50%), of each flow"),
    CHANGE("quota", "BY:ON:SECTORS:AT[:inside]", of_region_region_sector_value,
           "BY buys from ON at most AT in sum: a value, or a part of the base (60%)"),
    CHANGE("tariff-rate-quota", "BY:ON:SECTORS:QUOTA:IN-QUOTA:OVER-QUOTA[:inside]",
           of_region_region_sector_value_rate_rate,
           "imports of BY from ON within QUOTA (a value, or 60% of the base) bear the tariff IN-QUOTA, those beyond it "
           "OVER-QUOTA"),
    CHANGE("export-tax", "BY:TO:SECTORS:RATE[:inside]", of_region_region_sector_rate,
           "BY taxes its sales to TO at RATE of the price at the factory gate"),
    CHANGE("export-subsidy", "BY:TO:SECTORS:RATE[:inside]", of_region_region_sector_rate,
           "BY pays this part of that price"),
    CHANGE("production-tax", "IN:SECTORS:RATE", of_region_sector_rate,
           "the regions IN tax all sales of their sectors at RATE"),
    CHANGE("production-subsidy", "IN:SECTORS:RATE", of_region_sector_rate,
           "the regions IN pay this part of the price of all these sales"),
    CHANGE("use-tax", "IN:SECTORS:RATE", of_region_sector_rate,
           "the regions IN tax all their purchases at RATE of the price with tariffs"),
    CHANGE("use-subsidy", "IN:SECTORS:RATE", of_region_sector_rate,
           "the regions IN pay this part of the price of their purchases"),
    CHANGE("productivity", "IN:SECTORS:CHANGE", of_region_sector_rate,
           "the sectors of IN make CHANGE (-5%) more of the same inputs and factors"),
    CHANGE("labour", "IN:SECTORS:CHANGE", of_region_sector_rate, "there is CHANGE more labour in the sectors of IN"),
    CHANGE("factor-supply", "IN:SECTORS:FACTOR:CHANGE", of_region_sector_value_rate,
           "there is CHANGE more of a factor of the world"),
    CHANGE("demand", "IN:SECTORS:CHANGE", of_region_sector_rate,
           "the shares of the sectors in final demand of IN are multiplied by 1 + CHANGE, all shares scaled to 1"),
    CHANGE("direction", "IN:FROM:TO:PART", of_region_use_use_rate,
           "final demand of IN turns from a use to another (consumption, investment, or codes of the world) by PART of "
           "all of it"),
    CHANGE("transfer", "FROM:TO:AMOUNT", of_region_region_value,
           "income is given every year: a value, or a part of the income of those who give (1%)"),
    CHANGE("carbon-price", "IN:SECTORS:PRICE[:ABATEMENT]", of_region_sector_number,
           "sectors of IN pay PRICE for a tonne that they emit; the elasticity ABATEMENT lowers what they emit"),
    CHANGE("carbon-border", "BY:ON:SECTORS:PRICE[:BASIS][:inside]", of_region_region_sector_number,
           "BY puts a duty of PRICE for a tonne on goods of ON: direct (their producers' emissions), embodied (of all "
           "stages) or benchmark (at BY's)"),
    CHANGE("leave", "REGION:GROUP:TRADE-COST", of_region_region_number,
           "the region leaves the group: trade costs with its members are multiplied by this factor"),
    CHANGE("join", "REGION:GROUP:TRADE-COST", of_region_region_number,
           "the region joins the group: trade costs with its members are divided by this factor"),
    {0},
};

bool cli_is_change(const option_row *row)
{
    const option_row *of = cli_change_rows;
    while (of->name && of != row)
        of++;
    return of->name != NULL;
}

bool cli_has_changes(const cli_line *line)
{
    for (size_t i = 0; i < line->values.count; i++)
        if (cli_is_change(line->values.given[i].row))
            return true;
    return false;
}

static dr_status add_change(dr_scenario *scenario, const cli_line *line, const option_value *value, cli_swept *sweep)
{
    char where[256];
    const char *name = value->row->name;
    dr_status status = dr_change_line(scenario, name, value->text, sweep->key, sweep->value, &sweep->taken);
    if (status == DR_USAGE)
        return cli_misuse(line, "--%s '%s': %s", name, value->text, dr_error_text());
    snprintf(where, sizeof where, "--%s %s", name, value->text);
    return status == DR_OK ? DR_OK : dr_fail_at(status, where);
}

dr_status cli_add_changes(dr_scenario *scenario, const cli_line *line, cli_swept *sweep)
{
    for (size_t i = 0; i < line->values.count; i++)
        if (cli_is_change(line->values.given[i].row))
            DR_TRY(add_change(scenario, line, &line->values.given[i], sweep));
    return DR_OK;
}
