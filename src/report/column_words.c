/* What columns are in words. Names are made of words themselves ("imports_from_new"), and are headings without their
 * underscores; lists say what the words leave open, and endings mean the same in all tables. */
#include "report/column_words.h"

#include <stdio.h>
#include <string.h>

typedef struct entry {
    const char *name, *words;
} entry;

/* Headings that are not the words of the name. */
static const entry headings[] = {
    {"freedom", "degrees of freedom"},
    {"own", "own effect"},
    {"real_gdp", "real GDP"},
    {"settings", "rates"},
    {"support_home", "subsidies on domestic output"},
    {"support_others", "subsidies on other imports"},
    {"value_added_balance", "value-added balance"},
    {"value_added_exports", "value-added exports"},
    {"value_added_imports", "value-added imports"},
    {"withheld", "goods withheld"},
};

static const entry columns[] = {
    {"access", "how the files of the source are to be had"},
    {"aim", "objective of the player"},
    {"at_bounds", "number of rates at a bound"},
    {"balance", "exports less imports"},
    {"base", "before the scenario"},
    {"behind_gross_exports", "of the account, at home, in all that is exported, inputs included"},
    {"binding", "whether the limit restricts trade"},
    {"bound", "the bound at which the rate is"},
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
    {"direct_share_of_inputs", "its share of the inputs that the sector buys"},
    {"direct_share_of_upstream_output",
     "its sales to the sector, as a share of the output of all suppliers at every stage behind the inputs"},
    {"discounted", "constant change in all years that is worth as much as the path"},
    {"downstreamness", "stages of production so far: column sum of the Leontief inverse"},
    {"draw", "number of the draw, from 1"},
    {"effective_rate", "effective rate of protection of what the sector makes"},
    {"equivalent_variation", "income that is worth as much as the change, at base prices"},
    {"exports_to", "exports to the other side"},
    {"exposure", "change of value added for each worker"},
    {"failure", "why there is no result; empty if there is one"},
    {"first_market", "largest market"},
    {"first_source", "largest supplier"},
    {"found", "what was found"},
    {"freedom", "degrees of freedom of the t statistic; empty where it is normal"},
    {"gini", "Gini coefficient of real income per person between the groups"},
    {"high", "upper end of the 95% confidence interval"},
    {"horizon", "years since the first change"},
    {"imports_from", "imports from the other side"},
    {"indirect_share_of_upstream_output",
     "its output for the suppliers of the sector and for their suppliers, as a share of the same output"},
    {"input_tariff", "tariff on the inputs of the sector"},
    {"intensity", "of the account, per unit of output"},
    {"inward_conditional", "inward multilateral resistance at given output and expenditure"},
    {"inward_full", "inward multilateral resistance in full equilibrium"},
    {"left_out", "why there is no estimate; empty if there is one"},
    {"leverage", "loss of the buyer over the loss of the supplier, both in percent of real income"},
    {"low", "lower end of the 95% confidence interval"},
    {"lowest", "change on the worst day"},
    {"moved", "labour that works in other sectors than it would"},
    {"multiplier", "of the account, in a unit of final output, over all stages and countries"},
    {"new", "under the scenario"},
    {"new_share", "share under the plan"},
    {"output", "gross output"},
    {"outward_conditional", "outward multilateral resistance at given output and expenditure"},
    {"outward_full", "outward multilateral resistance in full equilibrium"},
    {"p", "two-sided p value"},
    {"part_of_elasticity", "trade elasticities over those of the long run"},
    {"price_cut", "reduction of the supplier's prices by its subsidies"},
    {"produced", "emissions of sectors and of final use itself"},
    {"real_gdp", "gross domestic product at base prices"},
    {"real_wage", "wage over the consumer price"},
    {"reallocation", "of welfare, through the movement of factors"},
    {"recovered_day", "day from which on the region stays within 0.1% of the base"},
    {"regret", "most that the player could still gain by another policy, of real income; 0 in an equilibrium"},
    {"remainder", "of welfare, not explained by the terms"},
    {"rents", "rents of export curbs and quotas"},
    {"settings", "number of rates that the player sets"},
    {"shadow_price", "annual cost of tightening the cap by one percentage point; 0 where the cap does not bind"},
    {"share_of_exports", "share of exports of the good"},
    {"share_of_imports", "share of imports of the good"},
    {"share_of_use", "share of all use of the good, domestic production included"},
    {"share_without", "share that the supplier would have under the plan, without any subsidy"},
    {"skill", "skill (and sex) of those who work"},
    {"square", "contribution to the concentration of imports"},
    {"support_home", "subsidies on domestic output, of domestic output"},
    {"support_others", "subsidies on imports from all other suppliers, added to existing rates"},
    {"technical", "of welfare, through higher trade costs and productivity"},
    {"terms_of_trade", "of welfare, through the prices of exports and imports"},
    {"third_country_share_of_total", "the share of the total that passes through a third country"},
    {"total_over_direct", "total as a multiple of direct"},
    {"total_share_of_upstream_output", "direct and indirect (look-through)"},
    {"trade_elasticity", "elasticity of trade with respect to trade costs"},
    {"uncorrected", "coefficient before the bias correction"},
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

/* What an ending adds to a heading, and to the words. */
static const struct {
    const char *ending, *heading, *words;
} endings[] = {{"_p5", "5% of draws", "5% quantile of the draws"},
               {"_median", "median of draws", "median of the draws"},
               {"_p95", "95% of draws", "95% quantile of the draws"},
               {"_new", "new", "under the scenario"},
               {"_after", "after the plan", "after the plan"},
               {"_change", "change", "change from the base"},
               {"_value", "in money", "in money"},
               {"_conditional", "conditional", "at given output and expenditure"},
               {"_full", "full", "in full equilibrium"}};

typedef enum wanted { HEADING, DESCRIPTION } wanted;

static const char *find(wanted what, const char *name, size_t size)
{
    const entry *list = what == HEADING ? headings : columns;
    size_t count = what == HEADING ? sizeof headings / sizeof *headings : sizeof columns / sizeof *columns;
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i].name) == size && strncmp(list[i].name, name, size) == 0)
            return list[i].words;
    return NULL;
}

/* The words for the first `size` letters of a name, with blanks for underscores where there are no others. */
static const char *describe(char out[DR_WORDS_SIZE], wanted what, const char *name, size_t size)
{
    const char *found = find(what, name, size);
    if (found) {
        snprintf(out, DR_WORDS_SIZE, "%s", found);
        return out;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i].ending);
        if (size > length && strncmp(name + size - length, endings[i].ending, length) == 0) {
            describe(out, what, name, size - length);
            size_t used = strlen(out);
            snprintf(out + used, DR_WORDS_SIZE - used, what == HEADING ? ", %s" : "; %s",
                     what == HEADING ? endings[i].heading : endings[i].words);
            return out;
        }
    }
    snprintf(out, DR_WORDS_SIZE, "%.*s", (int)size, name);
    for (char *c = out; *c; c++)
        *c = (char)(*c == '_' ? ' ' : *c);
    return out;
}

const char *dr_column_heading(char out[DR_WORDS_SIZE], const dr_column *column)
{
    return column->heading ? column->heading : describe(out, HEADING, column->name, strlen(column->name));
}

const char *dr_column_description(char out[DR_WORDS_SIZE], const dr_column *column)
{
    return column->description ? column->description : describe(out, DESCRIPTION, column->name, strlen(column->name));
}

const char *dr_table_column_heading(dr_table *table, size_t column)
{
    char words[DR_WORDS_SIZE];
    if (column >= dr_table_columns(table))
        return "";
    dr_column *of = &table->columns[column];
    if (!of->heading)
        of->heading = dr_arena_text(&table->arena, dr_column_heading(words, of));
    return of->heading ? of->heading : "";
}

const char *dr_table_column_description(dr_table *table, size_t column)
{
    char words[DR_WORDS_SIZE];
    if (column >= dr_table_columns(table))
        return "";
    dr_column *of = &table->columns[column];
    if (!of->description)
        of->description = dr_arena_text(&table->arena, dr_column_description(words, of));
    return of->description ? of->description : "";
}
