/* The table of kinds. A new kind is a file of its own and a row here. */
#include "play/game_kinds.h"

const dr_game_kind *const dr_game_kinds[] = {
    &dr_best_response, &dr_nash, &dr_stackelberg, &dr_coercion, &dr_coalition, &dr_delay, NULL,
};
