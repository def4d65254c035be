/* The numeraire in which results are expressed. The equilibrium itself is solved in units of world income. */
#ifndef DR_MODEL_NUMERAIRE_H
#define DR_MODEL_NUMERAIRE_H

#include "model/model.h"

/* Sets the model's numeraire from its option: "world", "wage", or regions and groups, whose consumer prices are
 * weighted by base income. Errors: DR_BAD_INPUT (unknown name, with the nearest one), DR_MACHINE. */
dr_status dr_numeraire_fill(dr_model *model);

/* The numeraire for people: "world income", "the consumer price of USA", "the wage of each region". Returns `out`. */
enum { DR_NUMERAIRE_SIZE = 160 };
const char *dr_numeraire_words(char out[DR_NUMERAIRE_SIZE], const dr_model *model);

#endif
