#include "cli/model_rows.h"

#include "scenario/model_options.h"

const option_row cli_model_rows[] = {
    {"closure", "CLOSURE", .kind = OPTION_WORD, .words = dr_closures, .fallback = "fixed",
     .help = "closure of trade imbalances"},
    {"horizon", "HORIZON", .kind = OPTION_WORD, .words = dr_horizons,
     .fallback = "none: mobile labour, elasticities of the world",
     .help = "horizon, which sets trade elasticities and the mobility of labour"},
    {"model", "MODEL", .kind = OPTION_WORD, .words = dr_models, .fallback = "that of the horizon, else caliendo-parro",
     .help = "substitution between inputs and between goods"},
    {"thin-markets", "SHARE", .kind = OPTION_RATE, .most = 1, .example = "20%",
     .fallback = "20% for the short horizon, else 0",
     .help = "pool markets in which a scenario leaves less than this share of base supply; 0: never"},
    {"rigid-wages", "REGIONS[:FLOOR]", .kind = OPTION_TEXT,
     .help = "downward nominal wage rigidity: wages there do not fall below FLOOR (such as 97%) of the base's, and "
             "labour is unemployed instead"},
    {"baseline", "FILE.yaml", .kind = OPTION_FILE, .fallback = "that of the scenario or game, else the table",
     .help = "scenario whose equilibrium is the base that changes are measured from"},
    {"elasticity", "ELASTICITY", .kind = OPTION_TEXT, .words = dr_elasticity_sets,
     .fallback = "that of the horizon, else of the world, else 5",
     .help = "trade elasticity: a number, the name of a published or stored set, or a CSV file"},
    {"product-elasticity", "ELASTICITY", .kind = OPTION_TEXT, .fallback = "that of the sector",
     .help = "trade elasticity between origins of a product: a number, or a CSV file by product"},
    {"product-substitution", "SIGMA", .kind = OPTION_TEXT,
     .fallback = "that of the horizon, else 1 + the trade elasticity of the sector",
     .help = "elasticity of substitution between the products that a sector imports: a number, or a CSV file by "
             "sector"},
    {"import-elasticity", "ELASTICITY", .kind = OPTION_TEXT, .fallback = "that of the sector",
     .help = "trade elasticity between imports and home sales, with products in a nest: a number, or a CSV file by "
             "sector"},
    {"choke-price", "MULTIPLE", .kind = OPTION_TEXT,
     .help = "with products in a nest, the multiple of its base price at which buyers do without a product that has "
             "lost its last supplier, and take what is made at home in its place"},
    {"scale", "ELASTICITY", .kind = OPTION_TEXT, .fallback = "that of the model: none but for krugman",
     .help = "scale economies: the elasticity of unit cost with respect to the size of a sector, a number, the name of "
             "a published set, or a CSV file"},
    {"entry", "ENTRY", .kind = OPTION_WORD, .words = dr_entries, .fallback = "free",
     .help = "entry of firms with scale elasticities: free, so that unit costs fall with the size of a sector, or "
             "restricted, so that markups earn profits"},
    {"labour-supply", "ELASTICITY", .kind = OPTION_NUMBER, .most = 10, .example = "0.5", .fallback = "0: it is fixed",
     .help = "elasticity of the supply of labour with respect to its real wage after taxes"},
    {"revenue", "USE", .kind = OPTION_WORD, .words = dr_revenue_uses, .fallback = "rebate",
     .help = "use of tariff revenue: a transfer to households (rebate), lower taxes on labour (income-tax), or public "
             "purchases that real income does not count (keep)"},
    {"overhead", "SHARE", .kind = OPTION_TEXT, .example = "0.11", .fallback = "0",
     .help = "with --model armington: the part of sales in a region that pays for labour there, a number or a CSV file "
             "by region"},
    {"pass-through", "RATE", .kind = OPTION_RATE, .most = 1, .example = "25%", .fallback = "100%",
     .help = "with --model armington: the part of a tariff that is passed on to prices"},
    {0},
};

const option_row cli_nest_rows[] = {
    {"products", "WAY", .kind = OPTION_WORD, .words = dr_products_words,
     .fallback = "nest if a scenario of simulate changes products, else average",
     .help =
         "make the imports of a sector of products (nest), from the product flows of the world, or average tariffs on "
         "products into those of their sectors (average)"},
    {0},
};

dr_model_options cli_model_options(const cli_line *line, const dr_settings *document)
{
    dr_model_options options =
        document ? *dr_settings_model(document) : (dr_model_options){.size = sizeof(dr_model_options)};
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        if (field->kind == DR_OPTION_TEXT && cli_given(line, field->name))
            *dr_option_text(&options, field) = cli_text(line, field->name);
    }
    if (cli_given(line, "closure"))
        options.closure = (dr_closure)cli_word(line, "closure");
    return options;
}
