/* 'derisk exposure --products': exposure by product, a part of cmd_exposure.c. */
#ifndef DR_CLI_EXPOSURE_PRODUCTS_H
#define DR_CLI_EXPOSURE_PRODUCTS_H

#include "base/table.h"
#include "cli/options.h"

/* Fails where options that only product flows take stand without --products, or the other way round. */
dr_status cli_products_check(const cli_line *line);

/* Whether the line asks for a view of product flows, energy or materials. */
bool cli_products_wanted(const cli_line *line);

/* Measures what the line asks for. */
dr_status cli_products_measure(dr_table **out, dr_world *world, const cli_line *line);

extern const char *const cli_screen_rules[];
#define CLI_OPTIONS_PRODUCTS                                                                                           \
    {"products", NULL, .takes = CLI_NOTHING,                                                                           \
     .help = "the products for which OF depends on others, from product flows"},                                       \
        {"why", "PRODUCT", .takes = CLI_TEXT, .help = "the flows behind the figures of one product"},                  \
        {"energy", NULL, .takes = CLI_NOTHING,                                                                         \
         .help = "imports of energy from TO by fuel and year, from physical flows"},                                   \
        {"materials", NULL, .takes = CLI_NOTHING,                                                                      \
         .help = "supply risk of raw materials, from shares in their supply"},                                         \
        {"rule", "RULE", .takes = CLI_WORD, .help = "with --products: commission (the default) or geodep",             \
         .words = cli_screen_rules},                                                                                   \
        {"thresholds", "A,B,C", .takes = CLI_TEXT,                                                                     \
         .help = "with --products: of the rule's criteria; 0.4,0.5,1 or 0.4,0.4,1"},                                   \
        {"window", "YEARS", .takes = CLI_TEXT, .help = "with --products: how many years are looked at; 3"},            \
        {"at-least", "YEARS", .takes = CLI_TEXT,                                                                       \
         .help = "with --products: in how many of them the criteria must be met; 2"},                                  \
        {"re-exports", NULL, .takes = CLI_NOTHING, .help = "with --products: take re-exports off the members' sales"}, \
    {                                                                                                                  \
        "all", NULL, .takes = CLI_NOTHING, .help = "with --products: all products, not the dependent ones only"        \
    }

#endif
