/* The kinds of games, each defined in the file of its name. */
#ifndef DR_PLAY_GAME_KINDS_H
#define DR_PLAY_GAME_KINDS_H

#include "play/game.h"

extern const dr_game_kind dr_best_response, dr_nash, dr_stackelberg, dr_coercion, dr_coalition, dr_delay;

/* All of them, with a NULL at the end. */
extern const dr_game_kind *const dr_game_kinds[];

#endif
