/* 'derisk exposure --products': exposure by product, a part of cmd_exposure.c. */
#ifndef DR_CLI_EXPOSURE_PRODUCTS_H
#define DR_CLI_EXPOSURE_PRODUCTS_H

#include "base/table.h"
#include "cli/line.h"

/* Whether the line asks for a view of product flows, energy or materials. */
bool cli_products_wanted(const cli_line *line);

/* Measures what the line asks for. */
dr_status cli_products_measure(dr_table **out, dr_world *world, const cli_line *line);

extern const option_row cli_product_rows[];

#endif
