/* Sentences of a summary, for the files that write them. */
#ifndef DR_PLAY_GAME_SUMMARY_H
#define DR_PLAY_GAME_SUMMARY_H

#include <stdio.h>

#include "base/money.h"
#include "base/print.h"
#include "play/game.h"

/* A paragraph that is being written. */
typedef struct says {
    const dr_game *game;
    dr_table *table;
    const char *about;
    FILE *to;
    char *text;
    size_t size;
} says;

#define tell(s, ...) dr_print((s)->to, __VA_ARGS__)

/* Begins a paragraph; ends it, as a row of the table. */
dr_status dr_says_begin(says *s, const char *about);
dr_status dr_says_end(says *s);

/* "4.251 billion US dollars"; "loses 4.251 billion US dollars a year, 0.03% of its real income". */
const char *dr_says_money(const says *s, double value, char out[DR_MONEY_SIZE]);
void dr_says_change(const says *s, double percent, double income);

/* summary_trials.c: of games without players. */
dr_status dr_says_coercion(says *s);
dr_status dr_says_coalition(says *s);
dr_status dr_says_delay(says *s);

#endif
