#include "cli/exposure_products.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "cli/model_rows.h"

const char *const cli_screen_rules[] = {"commission", "geodep", NULL}; /* in the order of dr_screen_rule */

enum { MOST_YEARS = 50 };

static bool given(const cli_line *line, const char *option)
{
    return cli_option_value(line, option) != NULL;
}

dr_status cli_products_check(const cli_line *line)
{
    static const char *const of_screen[] = {"rule", "thresholds", "window", "at-least", "re-exports", "all"};
    static const char *const of_tables[] = {"to", "partners", "hidden", "routes", "cut", "sectors", "map"};
    static const char *const views[] = {"products", "why", "energy", "materials"};
    bool products = given(line, "products");
    const char *view = NULL;
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        if (view && given(line, views[i]))
            return cli_misuse(line, "--%s goes without --%s", views[i], view);
        view = given(line, views[i]) ? views[i] : view;
    }
    if (given(line, "energy") && !given(line, "to"))
        return cli_misuse(line, "--energy needs --to, the supplier");
    for (size_t i = 0; !products && i < sizeof of_screen / sizeof *of_screen; i++)
        if (given(line, of_screen[i]))
            return cli_misuse(line, "--%s goes with --products", of_screen[i]);
    if (given(line, "why") && given(line, "plot"))
        return cli_misuse(line, "--plot goes without --why");
    for (size_t i = given(line, "energy") ? 1 : 0; view && i < sizeof of_tables / sizeof *of_tables; i++)
        if (given(line, of_tables[i]))
            return cli_misuse(line, "--%s goes without --%s", of_tables[i], view);
    if (view && cli_model_option(line))
        return cli_misuse(line, "--%s goes without --%s", cli_model_option(line), view);
    return DR_OK;
}

static dr_status read_years(const cli_line *line, const char *option, int *years)
{
    const char *text = cli_option_value(line, option);
    double number = 0;
    if (text && (!dr_parse_number(text, &number) || number < 1 || number > MOST_YEARS || number != (int)number))
        return cli_misuse(line, "--%s: '%s' is not a number of years from 1 to %d", option, text, MOST_YEARS);
    *years = (int)number;
    return DR_OK;
}

/* Three numbers with commas between. */
static dr_status read_thresholds(const cli_line *line, double thresholds[3])
{
    const char *text = cli_option_value(line, "thresholds");
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
            line, "--thresholds: '%s' is not two shares between 0 and 1 and a ratio above 0, such as 0.4,0.5,1", text);
    return DR_OK;
}

bool cli_products_wanted(const cli_line *line)
{
    return given(line, "products") || given(line, "why") || given(line, "energy") || given(line, "materials");
}

dr_status cli_products_measure(dr_table **out, dr_world *world, const cli_line *line)
{
    const char *of = cli_argument(line, 1), *why = cli_option_value(line, "why");
    dr_screen_options options = {.size = sizeof(dr_screen_options),
                                 .rule = (dr_screen_rule)cli_option_word(line, "rule"),
                                 .net_re_exports = given(line, "re-exports"),
                                 .all = given(line, "all")};
    DR_TRY(cli_year(line, &options.year));
    if (given(line, "energy"))
        return dr_exposure_energy(out, world, of, cli_option_value(line, "to"), options.year);
    if (given(line, "materials"))
        return dr_exposure_materials(out, world);
    if (why)
        return dr_exposure_product_rows(out, world, of, why, options.year);
    DR_TRY(read_thresholds(line, options.thresholds));
    DR_TRY(read_years(line, "window", &options.window));
    DR_TRY(read_years(line, "at-least", &options.at_least));
    return dr_exposure_products(out, world, of, &options);
}
