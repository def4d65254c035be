#include "cli/exposure_products.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/model_rows.h"

static const char *const rules[] = {"commission", "geodep", NULL}; /* in the order of dr_screen_rule */

const option_row cli_product_rows[] = {
    {"products", NULL, .kind = OPTION_FLAG,
     .help = "products in which OF depends on others, from product flows; with --cut, the loss of real income of OF if "
             "one supplier of one product is cut off"},
    {"why", "PRODUCT", .kind = OPTION_TEXT, .excludes = "products to",
     .help = "flows behind the figures of one product"},
    {"energy", NULL, .kind = OPTION_FLAG, .needs = "to", .excludes = "products why",
     .help = "imports of energy from TO by fuel and year, from physical flows"},
    {"materials", NULL, .kind = OPTION_FLAG, .excludes = "products why energy to",
     .help = "supply risk of raw materials, from shares in their supply"},
    {"rule", "RULE", .excludes = "cut", .kind = OPTION_WORD, .words = rules, .fallback = "commission",
     .needs = "products", .help = "rule of the screen"},
    {"thresholds", "A,B,C", .excludes = "cut", .kind = OPTION_TEXT, .fallback = "0.4,0.5,1, of geodep 0.4,0.4,1",
     .needs = "products", .help = "thresholds of the three criteria of the rule"},
    {"window", "YEARS", .excludes = "cut", .kind = OPTION_COUNT, .least = 1, .most = 50, .fallback = "3",
     .needs = "products", .help = "number of years that are screened"},
    {"at-least", "YEARS", .excludes = "cut", .kind = OPTION_COUNT, .least = 1, .most = 50,
     .fallback = "2, or 1 where there is 1 year", .needs = "products",
     .help = "number of years in which the criteria must be met"},
    {"re-exports", NULL, .excludes = "cut", .kind = OPTION_FLAG, .needs = "products",
     .help = "deduct re-exports from the sales of members"},
    {"imported", NULL, .excludes = "cut", .kind = OPTION_FLAG, .needs = "products",
     .help = "all imported products, not only the dependent ones"},
    {0},
};

/* Three numbers, separated by commas. */
static dr_status read_thresholds(const cli_line *line, double thresholds[3])
{
    const char *text = cli_text(line, "thresholds");
    char *copy = strdup(text ? text : ""), *rest = copy;
    size_t count = 0;
    bool right = copy != NULL;
    for (char *part; text && right && (part = strsep(&rest, ","));) {
        right = count < 3 && dr_parse_number(part, &thresholds[count]) && thresholds[count] > 0 &&
                (count == 2 || thresholds[count] < 1);
        count++;
    }
    free(copy);
    if (!copy)
        return dr_fail_memory();
    if (text && (!right || count != 3))
        return cli_misuse(
            line, "--thresholds '%s': expected two shares between 0 and 1 and a ratio above 0, such as 0.4,0.5,1",
            text);
    return DR_OK;
}

bool cli_products_wanted(const cli_line *line)
{
    return (cli_given(line, "products") && !cli_given(line, "cut")) || cli_given(line, "why") ||
           cli_given(line, "energy") || cli_given(line, "materials");
}

dr_status cli_products_measure(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *of = cli_argument(line, 1), *why = cli_text(line, "why");
    dr_screen_options options = {.size = sizeof(dr_screen_options),
                                 .rule = (dr_screen_rule)cli_word(line, "rule"),
                                 .net_re_exports = cli_given(line, "re-exports"),
                                 .all = cli_given(line, "imported"),
                                 .year = cli_year(line),
                                 .window = (int)cli_number(line, "window"),
                                 .at_least = (int)cli_number(line, "at-least")};
    if (cli_given(line, "energy"))
        return dr_exposure_energy(out, world, of, cli_text(line, "to"), options.year);
    if (cli_given(line, "materials"))
        return dr_exposure_materials(out, world);
    if (why)
        return dr_exposure_product_rows(out, world, of, why, options.year);
    if (cli_given(line, "to"))
        return cli_misuse(line, "--to cannot be combined with --products without --cut");
    DR_TRY(read_thresholds(line, options.thresholds));
    return dr_exposure_products(out, world, of, &options);
}
