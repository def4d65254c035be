/* The answer of dr_propagate in words, from its finished table. */
#ifndef DR_DYNAMICS_PROPAGATE_ANSWER_H
#define DR_DYNAMICS_PROPAGATE_ANSWER_H

#include "base/table.h"
#include "world/economy.h"

/* Who loses most in a run of so many days; names the codes of the table, and says which rows matter most. */
void dr_propagate_answer(dr_table *table, const dr_economy *names, size_t days);

#endif
