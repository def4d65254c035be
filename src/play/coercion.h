/* Coercion: goods that one side (`by`) could withhold from the other (`of`), and the losses of both, perhaps also after
 * a plan by which `of` has reduced its dependence. */
#ifndef DR_PLAY_COERCION_H
#define DR_PLAY_COERCION_H

#include "play/prior_plan.h"
#include "play/set_scan.h"

typedef struct dr_coercion_game {
    dr_game game;
    dr_parties parties;
    dr_prior_plan plan;
    size_t *goods;    /* [good] the sectors that `of` buys from `by` */
    size_t *products; /* [good] the product of this sector that it is; NULL: goods are whole sectors */
    size_t count;
    dr_scan scan;
} dr_coercion_game;

/* Loss of `of` over that of the other side; INFINITY where only `of` loses, 0 where neither does. */
double dr_leverage(double loss_of, double loss_against);

/* coercion_sets.c: adds the sets to solve: all single goods and pairs; and once these are solved, the larger sets that
 * promise the most leverage, and all goods together. Errors: DR_MACHINE. */
dr_status dr_coercion_add_pairs(dr_scan *scan, size_t goods);
dr_status dr_coercion_add_larger(dr_scan *scan, size_t goods);

/* coercion_summary.c: the paragraphs. */
dr_status dr_coercion_summarise(dr_summary *summary);

/* coercion.c: the goods of a set, joined by `between`. */
void dr_coercion_name(char *out, size_t size, const dr_coercion_game *game, uint64_t set, const char *between);

/* coercion.c: sorts the sets by leverage, the largest first; those without an equilibrium come before all. */
void dr_coercion_sort(const dr_coercion_game *game);

#endif
