#include "options/plan_rows.h"

#include <string.h>

static const char *const shares[] = {"imports", "use", "look-through", NULL}; /* in the order of dr_share */
static const char *const objectives[] = {"efficient", "own", NULL};           /* in the order of dr_plan_objective */
static const char *const instruments[] = {"tariff", "others", "home", NULL};

const option_row option_plan_aims[] = {
    {"cap", "SHARE", .kind = OPTION_RATE, .above = true, .most = 1, .example = "40%",
     .excludes = "cap-file caps budget", .help = "maximum share of the supplier in each sector"},
    {"max-concentration", "INDEX", .kind = OPTION_NUMBER, .above = true, .most = 1, .example = "0.3",
     .excludes = "budget", .help = "maximum Herfindahl-Hirschman index of the suppliers of each sector's imports"},
    {"budget", "SHARE", .kind = OPTION_RATE, .above = true, .example = "0.1%",
     .help = "instead of caps: minimise the aggregate share for at most this cost (share of real income)"},
    {"max-loss", "SHARE", .kind = OPTION_RATE, .above = true, .most = 1, .example = "1%", .excludes = "budget",
     .help = "maximum loss of real income in a year if the supplier cuts supply"},
    {0},
};

const option_row option_plan_rows[] = {
    {"objective", "OBJECTIVE", .kind = OPTION_WORD, .words = objectives, .fallback = "efficient",
     .help = "whose real income is the cost: that of all regions together (instruments serve caps only), or one's own "
             "(without caps: the optimal tariff)"},
    {"risk", "RISK", .kind = OPTION_RATE, .above = true, .most = 1, .unit = "/year", .example = "5%/year",
     .help = "annual probability of a supply cut-off, such as 5%/year; alone: maximise expected real income; with a "
             "cap or limit: report whether the plan pays"},
    {"stock", "MONTHS", .kind = OPTION_NUMBER, .most = 12, .needs = "max-loss risk",
     .help = "stock of the supplier's goods, in months of use"},
    {"stock-cost", "RATE", .kind = OPTION_RATE, .fallback = "10%", .example = "10%", .needs = "stock",
     .help = "annual cost of carrying the stock, as a share of its value"},
    {"starts", "N", .kind = OPTION_COUNT, .least = 1, .most = 1000, .fallback = "2",
     .help = "number of starting points for the optimiser"},
    {"sectors", "SECTORS", .kind = OPTION_SECTOR, .fallback = "goods", .help = "sectors that the plan covers"},
    {"share", "BASE", .kind = OPTION_WORD, .words = shares, .fallback = "imports",
     .help = "base of the shares; look-through: all inputs through every stage of production"},
    {"levers", "LEVERS", .kind = OPTION_WORDS, .words = instruments, .fallback = "tariff",
     .help = "policy instruments (tariffs on the supplier, support of other suppliers, support of home production)"},
    {"inside", NULL, .kind = OPTION_FLAG,
     .help = "allow both sides to be members of one group, such as DEU and the EU"},
    {"most-tariff", "RATE", .kind = OPTION_RATE, .above = true, .fallback = "1000%", .example = "200%",
     .help = "upper bound of tariffs"},
    {"most-support", "RATE", .kind = OPTION_RATE, .above = true, .fallback = "50%", .example = "50%",
     .help = "upper bound of support, as a share of the price"},
    {0},
};

/* The products that a plan is of: not the ways in which models may have products. */
static const char *products_of(const option_values *values)
{
    const char *products = option_text(values, "products");
    bool of_model = products && (strcmp(products, "nest") == 0 || strcmp(products, "average") == 0);
    return of_model ? NULL : products;
}

dr_plan_options option_plan(const option_values *values)
{
    dr_plan_options o =
        DR_OPTIONS(dr_plan_options, .objective = (dr_plan_objective)option_word(values, "objective"),
                   .max_concentration = option_number(values, "max-concentration"), .cap = option_number(values, "cap"),
                   .cap_file = option_text(values, "cap-file"), .budget = 100 * option_number(values, "budget"),
                   .max_loss = 100 * option_number(values, "max-loss"), .risk = option_number(values, "risk"),
                   .stock = option_number(values, "stock"), .stock_cost = option_number(values, "stock-cost"),
                   .starts = (size_t)option_number(values, "starts"), .sectors = option_text(values, "sectors"),
                   .share = (dr_share)option_word(values, "share"), .levers = option_text(values, "levers"),
                   .inside = option_given(values, "inside"), .most_tariff = option_number(values, "most-tariff"),
                   .most_support = option_number(values, "most-support"), .products = products_of(values));
    if (!o.products)
        return o;
    /* it has no defaults of plans by sector */
    o.sectors = option_given(values, "sectors") ? o.sectors : NULL;
    o.levers = option_given(values, "levers") ? o.levers : NULL;
    o.starts = option_given(values, "starts") ? o.starts : 0;
    return o;
}
