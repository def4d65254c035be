/* The first part of 'derisk demo': the balance of the EU and China over the years. */
#ifndef DR_CLI_DEMO_GAP_H
#define DR_CLI_DEMO_GAP_H

#include "derisk.h"

/* Prints the balance of each year of the world of trade flows, and draws it into the folder `pictures` (NULL: it does
 * not). Errors: as dr_balance; DR_MACHINE (no gnuplot there, cannot write). */
dr_status cli_demo_gap(const char *world, const char *pictures);

#endif
