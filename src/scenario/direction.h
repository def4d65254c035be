/* Final demand that turns from one use to another, such as from investment to consumption: the part x of all that
 * households, the state and firms of a region buy moves, so that with F and T what is bought of all goods for the one
 * use and the other,
 *
 *   new[n,k] = final[n,k] + x sum_j final[n,j] (T[n,k] / sum_j T[n,j] - F[n,k] / sum_j F[n,j])
 *
 * at base prices, which is a shift of demand between sectors. The uses are those of the table. */
#ifndef DR_SCENARIO_DIRECTION_H
#define DR_SCENARIO_DIRECTION_H

#include "scenario/scenario.h"

/* Applies the change begun last, of its regions, from and to uses (codes of the world, or consumption or investment),
 * and part. Errors: DR_BAD_INPUT (no such use, with the nearest name; a part that is more than the use has; the same
 * use twice; an economy without a file or without uses; a conflict), DR_MACHINE. */
dr_status dr_scenario_turn(dr_scenario *scenario, const dr_change *change);

#endif
