/* Scans: for each of many sets of goods or partners, the equilibrium of one scenario, and its effect on two parties.
 * Each set is solved by itself, from the base, so that the result does not depend on the number of threads. */
#ifndef DR_PLAY_SET_SCAN_H
#define DR_PLAY_SET_SCAN_H

#include <stdint.h>

#include "play/parties.h"
#include "scenario/scenario.h"

/* The most goods or partners: a set is a bit mask. */
enum { DR_SET_MOST = 64 };

/* The effect of a set on both parties. */
typedef struct dr_set_effect {
    double of, against; /* change of real income, percent; NAN without an equilibrium */
    char *why;          /* the reason why there is no equilibrium, or NULL */
} dr_set_effect;

/* A set (bit j: good or partner j is in it) and its effects. */
typedef struct dr_set_result {
    uint64_t set;
    dr_set_effect now, after; /* in the model of the game, and in that after a plan */
    double *members;          /* [member] change of real income of each partner, percent; NULL where there are none */
} dr_set_result;

typedef struct dr_scan {
    const dr_game *game;
    const dr_parties *parties;
    const dr_model *after; /* also solve each set in this model; NULL: no */
    /* Writes the scenario of a set. Errors: DR_MACHINE. */
    dr_status (*apply)(dr_scenario *scenario, const dr_game *game, uint64_t set);
    bool *const *members; /* [member][region] partners whose real income is kept; NULL: none */
    size_t member_count;
    dr_set_result *results;
    size_t count, capacity;
    double worst_residual; /* of all certificates */
    size_t other_solves;   /* solves of equilibria beside those of the sets */
} dr_scan;

/* The set of one good or partner, and that of all. */
uint64_t dr_set_of(size_t member);
uint64_t dr_set_all(size_t count);

/* Adds a set that is not there yet. Errors: DR_MACHINE. */
dr_status dr_scan_add(dr_scan *scan, uint64_t set);

/* Solves the sets from number `first` on, in parallel. A set without an equilibrium is not a failure. Errors:
 * DR_MACHINE. */
dr_status dr_scan_solve(dr_scan *scan, size_t first);

/* The result of a set; NULL if it was not added. */
const dr_set_result *dr_scan_find(const dr_scan *scan, uint64_t set);

/* Adds the certificate of all solves to a table. */
void dr_scan_add_facts(const dr_scan *scan, dr_table *table);
void dr_scan_free(dr_scan *scan);

/* Adds to a paragraph how real income of both parties changes. */
void dr_summary_effect(const dr_summary *summary, const dr_parties *parties, const dr_set_effect *effect);

#endif
