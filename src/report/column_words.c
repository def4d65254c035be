/* What columns are in words. Names are made of words themselves ("imports_from_new"); a list says what the words leave
 * open, and endings mean the same in all tables. */
#include <stdio.h>
#include <string.h>

#include "base/table.h"

static const struct {
    const char *name, *words;
} columns[] = {
    {"access", "how the files of the source are to be had"},
    {"at_bounds", "number of rates at a bound"},
    {"balance", "exports less imports"},
    {"base", "before the scenario"},
    {"behind_gross_exports", "of the account, at home, in all that is exported, inputs included"},
    {"binding", "whether the limit restricts trade"},
    {"break_even", "annual probability of a cut-off above which the plan pays"},
    {"by", "value of the column by which estimates are separate"},
    {"cap", "largest share that is allowed"},
    {"capital", "change of the capital stock"},
    {"carbon_revenue", "what sectors pay for their emissions"},
    {"cdi1", "concentration of imports: Herfindahl-Hirschman index of their sources"},
    {"cdi2", "imports from outside over these and trade between members"},
    {"cdi3", "imports over exports"},
    {"change", "change from the base"},
    {"clusters", "number of clusters of the standard errors"},
    {"concentration", "Herfindahl-Hirschman index of suppliers, 0 to 1"},
    {"consumed", "emissions in final use, through all stages of production"},
    {"consumption", "of the account, embodied in final use: production less exports plus imports"},
    {"contribution", "contribution to the change of real income"},
    {"cost", "cost of the policy, of real income"},
    {"covariance", "covariance of the coefficients of both variables"},
    {"direct", "of the account, of final use itself, such as driving and heating"},
    {"discounted", "constant change in all years that is worth as much as the path"},
    {"downstreamness", "stages of production so far: column sum of the Leontief inverse"},
    {"draw", "number of the draw, from 1"},
    {"effective_rate", "effective rate of protection of what the sector makes"},
    {"equivalent_variation", "income that is worth as much as the change, at base prices"},
    {"exposure", "change of value added for each worker"},
    {"failure", "why there is no result; empty if there is one"},
    {"first_market", "largest market"},
    {"first_source", "largest supplier"},
    {"found", "what was found"},
    {"freedom", "degrees of freedom of the t statistic; empty where it is normal"},
    {"gini", "Gini coefficient of real income per person between the groups"},
    {"high", "upper end of the 95% confidence interval"},
    {"imports_from", "imports from the other side"},
    {"exports_to", "exports to the other side"},
    {"horizon", "years since the first change"},
    {"input_tariff", "tariff on the inputs of the sector"},
    {"intensity", "of the account, per unit of output"},
    {"inward_conditional", "inward multilateral resistance at given output and expenditure"},
    {"inward_full", "inward multilateral resistance in full equilibrium"},
    {"left_out", "why there is no estimate; empty if there is one"},
    {"leverage", "loss of the buyer over the loss of the supplier"},
    {"low", "lower end of the 95% confidence interval"},
    {"lowest", "change on the worst day"},
    {"moved", "labour that works in other sectors than it would"},
    {"multiplier", "of the account, in a unit of final output, over all stages and countries"},
    {"new", "under the scenario"},
    {"outward_conditional", "outward multilateral resistance at given output and expenditure"},
    {"outward_full", "outward multilateral resistance in full equilibrium"},
    {"output", "gross output"},
    {"p", "two-sided p value"},
    {"part_of_elasticity", "trade elasticities over those of the long run"},
    {"produced", "emissions of sectors and of final use itself"},
    {"real_gdp", "gross domestic product at base prices"},
    {"real_wage", "wage over the consumer price"},
    {"reallocation", "of welfare, through the movement of factors"},
    {"recovered_day", "day from which on the region stays within 0.1% of the base"},
    {"regret", "most that the player could gain by another policy"},
    {"remainder", "of welfare, not explained by the terms"},
    {"rents", "rents of export curbs and quotas"},
    {"shadow_price", "annual cost of the last percentage point of the cap"},
    {"share_of_imports", "share of imports of the good"},
    {"share_of_use", "share of all use of the good"},
    {"square", "contribution to the concentration of imports"},
    {"technical", "of welfare, through higher trade costs and productivity"},
    {"terms_of_trade", "of welfare, through the prices of exports and imports"},
    {"trade_elasticity", "elasticity of trade with respect to trade costs"},
    {"uncorrected", "coefficient before the bias correction"},
    {"skill", "skill (and sex) of those who work"},
    {"unemployed", "those who find no work at the wage floor"},
    {"upstreamness", "stages of production to final use: row sum of the Ghosh inverse"},
    {"value_added", "value added"},
    {"volume", "at base prices"},
    {"volume_of_trade", "of welfare, through the volumes of taxed trade"},
    {"wedge", "price of the good over its cost, less 1"},
    {"welfare", "real income of final demand"},
    {"welfare_first_order", "real income, first order: terms of trade plus volume of trade"},
    {"welfare_with_carbon", "welfare less the damage of the change of all emissions"},
    {"z", "coefficient over its standard error"},
};

static const struct {
    const char *ending, *words;
} endings[] = {{"_p5", "5% quantile of the draws"},
               {"_median", "median of the draws"},
               {"_p95", "95% quantile of the draws"},
               {"_new", "under the scenario"},
               {"_after", "after the plan"},
               {"_change", "change from the base"},
               {"_value", "in money"},
               {"_conditional", "at given output and expenditure"},
               {"_full", "in full equilibrium"}};

/* The words for the first `size` letters of a name, with blanks for underscores where there are no others. */
static void describe(char *out, size_t room, const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strlen(columns[i].name) == size && strncmp(columns[i].name, name, size) == 0) {
            snprintf(out, room, "%s", columns[i].words);
            return;
        }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i].ending);
        if (size > length && strncmp(name + size - length, endings[i].ending, length) == 0) {
            describe(out, room, name, size - length);
            size_t used = strlen(out);
            snprintf(out + used, room - used, "; %s", endings[i].words);
            return;
        }
    }
    snprintf(out, room, "%.*s", (int)size, name);
    for (char *c = out; *c; c++)
        *c = (char)(*c == '_' ? ' ' : *c);
}

const char *dr_table_column_description(dr_table *table, size_t column)
{
    enum { ROOM = 256 };
    char words[ROOM];
    if (column >= dr_table_columns(table))
        return "";
    dr_column *of = &table->columns[column];
    if (!of->description) {
        describe(words, sizeof words, of->name, strlen(of->name));
        of->description = dr_arena_text(&table->arena, words);
    }
    return of->description ? of->description : "";
}
