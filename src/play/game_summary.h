/* The summary of a game: a table of paragraphs, each written sentence by sentence. */
#ifndef DR_PLAY_GAME_SUMMARY_H
#define DR_PLAY_GAME_SUMMARY_H

#include <stdio.h>

#include "base/money.h"
#include "base/print.h"
#include "base/table.h"

typedef struct dr_summary {
    const dr_game *game;
    dr_table *table;
    const char *about; /* the subject of the paragraph that is being written */
    FILE *to;
    char *text;
    size_t size;
} dr_summary;

/* Adds to the paragraph. */
#define dr_summary_say(summary, ...) dr_print((summary)->to, __VA_ARGS__)

/* Begin a paragraph; end it, which adds a row to the table. Errors: DR_MACHINE. */
dr_status dr_summary_begin(dr_summary *summary, const char *about);
dr_status dr_summary_end(dr_summary *summary);

/* "4.251 billion US dollars". */
const char *dr_summary_money(const dr_summary *summary, double value, char out[DR_MONEY_SIZE]);

/* "loses 4.251 billion US dollars a year, 0.03% of its real income": a change in percent of the base income of a group
 * of regions. */
void dr_summary_change(const dr_summary *summary, double percent, const bool *regions);

/* The largest residual of the model's equations, and the elasticities on which the results depend. */
void dr_summary_equilibrium(const dr_summary *summary, double residual);

#endif
