/* The answer to a scenario in sentences: who gains and loses how much, and what it does to the flows that it
 * touches. */
#ifndef DR_RESULT_ANSWER_H
#define DR_RESULT_ANSWER_H

#include "base/table.h"
#include "result/region_accounts.h"
#include "result/touched.h"

/* A change in percent for people: two decimals, or one significant digit if these are zero, without a sign. */
enum { DR_PERCENT_SIZE = 32 };
const char *dr_percent_words(char out[DR_PERCENT_SIZE], double percent);

/* Adds to the answer of a table: the regions that gain and lose most, and the sum of all. */
void dr_answer_winners(dr_table *table, const dr_solution *solution, const dr_account *accounts);

/* Where most jobs are lost and gained, if the world says how many there are. */
void dr_answer_jobs(dr_table *table, const dr_solution *solution);

/* Those who are touched by the scenario, as one actor each; and the largest changes of the flows touched, at most
 * `most`. */
void dr_answer_actors(dr_table *table, const dr_solution *solution, const dr_account *accounts,
                      const dr_touched_list *touched);
void dr_answer_flows(dr_table *table, const dr_solution *solution, const dr_touched_list *touched, size_t most);

#endif
