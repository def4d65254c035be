/* A game from the inside; shared by the files of play/. Settings y hold those of all players' levers, one player's after another's. */
#ifndef DR_PLAY_GAME_H
#define DR_PLAY_GAME_H

#include <stdint.h>

#include "base/table.h"
#include "plan/optimum.h"
#include "plan/policy.h"
#include "world/select.h"

typedef enum dr_play {
    DR_PLAY_BEST_RESPONSE,
    DR_PLAY_NASH,
    DR_PLAY_STACKELBERG,
    DR_PLAY_COERCION, /* no players: sets of things that one side does to another are tried */
    DR_PLAY_COALITION,
    DR_PLAY_DELAY /* against a path of caps, what it costs to keep a share up */
} dr_play;

/* One of the sets that are tried: bit j is good or partner j. */
typedef struct dr_trial {
    uint64_t set;
    double of, against; /* change of real income of the two sides, percent */
    char *why;          /* there is no equilibrium, or NULL */
} dr_trial;

/* A year of a delay: shares are of `against` in what `of` imports of the goods. */
typedef struct dr_delay_year {
    double cap, plain, held;         /* cap of each sector; share under the plan's tariffs, and with the answer */
    double cost;                     /* of the answer to `against`: percent of real income */
    double of, of_plain;             /* change of real income of `of`, with it and without */
    double subsidy, cut;             /* paid a year; part of what is sold at producers' prices */
    double residual, worst_residual; /* of the first-order conditions; of the certificates */
} dr_delay_year;

/* Coercion: `against` withholds sets of goods from `of`. Coalition: sets of partners join `of` in a tariff on `against`. */
typedef struct dr_trials {
    char *of, *against; /* names */
    dr_sides sides;
    bool *sectors;
    size_t *goods; /* [good] coercion: sectors with trade */
    char **partners;
    bool **partner; /* [partner][region] */
    size_t count;   /* of goods or partners */
    double rate;    /* of the tariff */
    dr_trial *tried;
    size_t tried_count, tried_capacity;
    double worst_residual; /* of all certificates */
    size_t solves;         /* beside those of the sets */
    dr_delay_year *years;
    size_t year_count;
    double level, most; /* delay: the share that is kept up, the largest price cut */
} dr_trials;

/* What a player wants: its own welfare; that less a part of another's; or a share kept up at the least loss of its own. */
typedef enum dr_want { DR_WANT_WELFARE, DR_WANT_LESS, DR_WANT_HINDER } dr_want;

/* A tariff, or a tax on exports: a lever for each of its sectors, or one for all. */
typedef struct dr_tool {
    bool export_tax, uniform;
    bool *with, *sectors;   /* [region] on whom; [sector] */
    char *name;             /* of whom, as the file says */
    double least, most, at; /* rates: bounds, and where the search begins */
} dr_tool;

typedef struct dr_player {
    char *name;
    bool *regions;
    dr_tool *tools;
    size_t tool_count;
    dr_want want;
    char *rival; /* whose welfare counts, or whose share is kept up */
    double weight;
    dr_result share; /* to be kept at or above `level` */
    double level;
    size_t first, count; /* levers */
    dr_policy policy;    /* all players' levers; aims: own welfare, then the rival's or the share */
    double scale;        /* of the derivatives of its aim */
    double residual, regret;
} dr_player;

/* What a lever is, for people. */
typedef struct dr_label {
    size_t player;
    const dr_tool *tool;
    size_t sector;
} dr_label;

struct dr_game {
    const dr_model *model;
    char *title;
    dr_play play;
    size_t chosen; /* the leader; who responds */
    dr_player *players;
    size_t count;
    dr_label *labels;          /* [lever] */
    double *low, *high, *base; /* [lever] */
    double *y;                 /* [lever] where it ends */
    size_t levers;
    size_t rounds, starts, failed_starts;
    double apart;                          /* the largest distance between where the starts lead */
    double leader_residual, leader_regret; /* of the outcome that is kept */
    dr_trials trials;
    size_t most; /* rows of the tables of trials; 0: all */
    bool solved;
    const dr_game_options *options;
};

/* read.c: fills players, tools and aims from a file, or from memory. */
dr_status dr_game_read(dr_game *game, const char *path);
dr_status dr_game_read_text(dr_game *game, const char *text, size_t size, const char *name);

/* response.c: the best response of a player to the others' settings in y, into its own there, and what was found. `optimum` is made by
 * dr_response_new. */
dr_status dr_response_new(dr_optimum *optimum, const dr_game *game, size_t player);
dr_status dr_response_find(dr_optimum *optimum, dr_game *game, size_t player, double *y);

/* Fills the player's scale: how large the derivatives of its aim are at the base settings. */
dr_status dr_response_scale(dr_game *game, size_t player);

/* The first-order conditions of a player at y. */
dr_status dr_response_check(dr_optimum *optimum, dr_game *game, size_t player, const double *y);

/* What a player could gain by leaving y, searched for from other starts: percent of its real income, with what its aim counts. */
dr_status dr_response_regret(double *regret, dr_game *game, size_t player, const double *y);

/* A player's f (to be small) from the last evaluation of its policy, and its derivative with respect to any lever. */
double dr_player_loss(const dr_player *player);
double dr_player_slope(const dr_player *player, size_t lever);

/* A start: the base settings (0), or made up from the number of the start, the same each time. */
void dr_game_start(const dr_game *game, size_t start, double *y);

/* nash.c: from the settings in y to those where no player moves. leader.c: to the leader's best, all others responding. */
dr_status dr_game_nash(dr_game *game, double *y);
dr_status dr_game_lead(dr_game *game, double *y);

/* trials.c: solves for the sets from number `first` on, in parallel; those that are there already are dropped. Errors: DR_MACHINE. */
dr_status dr_trials_add(dr_trials *trials, uint64_t set);
dr_status dr_trials_solve(dr_game *game, size_t first);
const dr_trial *dr_trials_find(const dr_trials *trials, uint64_t set);
void dr_trials_free(dr_trials *trials);

/* Real income that a side has in the base. */
double dr_game_income(const dr_game *game, const bool *regions);

/* coercion.c, coalition.c: try the sets; and the tables of that. */
dr_status dr_game_coerce(dr_game *game);
dr_status dr_game_coercion_table(dr_table **out, const dr_game *game);
dr_status dr_game_join(dr_game *game);
dr_status dr_game_coalition_table(dr_table **out, const dr_game *game);

/* delay.c: the answer to each year's plan; and the table. */
dr_status dr_game_delay(dr_game *game);
dr_status dr_game_delay_table(dr_table **out, const dr_game *game);

/* report.c: begins a table of a game that is solved. */
dr_status dr_game_begin_table(dr_table **out, const dr_game *game, const dr_column_spec *columns, size_t count);

/* Says how far it is. */
void dr_game_progress(const dr_game *game, const char *what, size_t done);

#endif
