/* Games: what all kinds have in common, and what a kind is.
 *
 * A kind is a file that defines one dr_game_kind and a struct that begins with a dr_game, and a row in game_kinds.c.
 * The files of this folder use each other in one direction, from the top:
 *   game.c                                     the public functions
 *   game_kinds.c                               the table of kinds
 *   best_response.c, nash.c, stackelberg.c     kinds with players
 *   coercion.c, coalition.c, delay.c           kinds that solve many scenarios for two sides
 *   joint.c, response_map.c, players_*.c, response.c   used by kinds with players (player_game.h)
 *   parties.c, set_scan.c, prior_plan.c        used by the other kinds
 *   game_reader.c, game_table.c, game_summary.c   used by all */
#ifndef DR_PLAY_GAME_H
#define DR_PLAY_GAME_H

#include "base/table.h"
#include "plan/policy.h"
#include "play/game_reader.h"
#include "play/game_summary.h"
#include "scenario/headline.h"
#include "world/select.h"

typedef struct dr_game_kind dr_game_kind;

/* What every game has. */
struct dr_game {
    const dr_game_kind *kind;
    const dr_model *model;
    char *title;      /* from the file; NULL: none */
    size_t most_rows; /* of long tables; 0: all */
    bool solved;
    const dr_game_options *options; /* while it is being solved */
};

/* A key of a kind's files. */
typedef struct dr_game_key {
    const char *name;
    bool required;
} dr_game_key;

struct dr_game_kind {
    const char *name;        /* after `play:` in a file */
    const char *title;       /* in the titles of tables, and the fact `play` */
    const dr_game_key *keys; /* beside `play`, `title` and the settings of the model; a NULL name at the end */
    size_t size;             /* of its struct, which begins with a dr_game */

    /* Reads the values of its keys (in their order; NULL: not given) into a zeroed struct whose common part is filled
     * in. Errors: DR_BAD_INPUT with the place, DR_MACHINE. */
    dr_status (*read)(dr_game *game, dr_game_reader *reader, yaml_node_t *const *values);

    /* Frees what its struct holds, but not the struct; also after a read that failed. */
    void (*release)(dr_game *game);

    /* Solves it, with game->options set. Errors: DR_NO_SOLUTION, DR_BAD_INPUT, DR_MACHINE. */
    dr_status (*solve)(dr_game *game);

    /* The table of its outcome, and the paragraphs of its summary. */
    dr_status (*outcome)(dr_table **out, const dr_game *game);
    dr_status (*summarise)(dr_summary *summary);

    /* Used by dr_game_begin_table: adds facts; adds the names of its sides to a heading; adds the groups that it names,
     * and the trade between their members that is left alone or included. */
    void (*add_facts)(dr_table *table, const dr_game *game);
    void (*add_sides)(dr_headline *heading, const dr_game *game);
    dr_status (*add_groups)(const dr_game *game, dr_named *named, dr_insiders *insiders);

    /* NULL where there are no players: the policy of the outcome (borrowed), the table of rates, that of best-response
     * functions, and the bands of the outcome or of the regions, or all draws. */
    const dr_policy *(*policy)(const dr_game *game);
    dr_status (*settings)(dr_table **out, const dr_game *game);
    dr_status (*map)(dr_table **out, dr_game *game, size_t points);
    dr_status (*bands)(dr_table **out, const dr_game *game, const char *table, const dr_draw_options *options);
};

/* game_table.c: the title of a game or, without one, the names of its sides. */
const char *dr_game_heading(char out[DR_HEADLINE_SIZE], const dr_game *game);

/* game_table.c: begins a table of a game that has been solved. Errors: DR_USAGE (not solved), DR_MACHINE. */
dr_status dr_game_begin_table(dr_table **out, const dr_game *game, const dr_column_spec *columns, size_t count);

/* game_table.c: reports progress while a game is being solved. */
void dr_game_progress(const dr_game *game, const char *what, size_t done);

#endif
