/* A game from the inside; shared by the files of play/. Settings y hold those of all players' instruments, one player's after another's. */
#ifndef DR_PLAY_GAME_H
#define DR_PLAY_GAME_H

#include <stdint.h>

#include "base/table.h"
#include "plan/optimum.h"
#include "plan/policy.h"
#include "scenario/headline.h"
#include "world/select.h"

typedef enum dr_play {
    DR_PLAY_BEST_RESPONSE,
    DR_PLAY_NASH,
    DR_PLAY_STACKELBERG,
    DR_PLAY_COERCION, /* no players: sets of things that one side does to another are tried */
    DR_PLAY_COALITION,
    DR_PLAY_DELAY /* against a path of caps, what it costs to keep a share up */
} dr_play;

/* What a set does to the two sides. */
typedef struct dr_harm {
    double of, against; /* change of real income, percent */
    char *why;          /* there is no equilibrium, or NULL */
} dr_harm;

/* One of the sets that are tried: bit j is good or partner j. */
typedef struct dr_trial {
    uint64_t set;
    dr_harm now, after; /* after: once `of` has carried out its plan */
    double *partners;   /* coalition: change of real income of each partner, percent */
} dr_trial;

/* What a coalition does to the other side: a tariff on its goods, a cut of what is sold to it, or an end of buying or of selling. */
typedef enum dr_means { DR_MEANS_TARIFF, DR_MEANS_CURB, DR_MEANS_BAN_IMPORTS, DR_MEANS_BAN_EXPORTS } dr_means;

/* Coercion: a plan of `of` that comes first. */
typedef struct dr_before {
    double cap; /* on the share of `by` in each sector; 0: there is no plan */
    bool *sectors;
    const char *horizon; /* of the plan: who plans has time */
    dr_model *long_run;  /* of the plan */
    dr_model *model;     /* the game's, on the equilibrium of the plan as the base */
    double cost, cost_value, share, new_share, residual;
} dr_before;

/* A year of a delay: shares are of `against` in what `of` imports of the goods. */
typedef struct dr_delay_year {
    double cap, plain, held;         /* cap of each sector; share under the plan's tariffs, and with the answer */
    double cost;                     /* of the answer to `against`: percent of real income */
    double of, of_plain;             /* change of real income of `of`, with it and without */
    double subsidy, cut;             /* paid a year; part of what is sold at producers' prices */
    size_t settings, at_most;        /* subsidies, and how many of them are as large as they may be */
    double residual, worst_residual; /* of the first-order conditions; of the certificates */
} dr_delay_year;

/* Coercion: `against` withholds sets of goods from `of`. Coalition: sets of partners join `of` in what it does to `against`. */
typedef struct dr_trials {
    char *of, *against; /* names */
    dr_sides sides;
    dr_named named; /* groups among the partners */
    bool *sectors;
    size_t *goods; /* [good] coercion: sectors with trade */
    char **partners;
    bool **partner; /* [partner][region] */
    size_t count;   /* of goods or partners */
    dr_means means; /* of a coalition */
    double rate;    /* of the tariff, or the part that is cut */
    dr_before before;
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

typedef enum dr_kind { DR_KIND_TARIFF, DR_KIND_TAX, DR_KIND_CURB, DR_KINDS } dr_kind;

/* A tariff, a tax on exports, or a cut of their volume: a instrument for each of its sectors, or one for all. The setting of a curb is ln(1 - cut). */
typedef struct dr_tool {
    dr_kind kind;
    bool uniform;
    bool *with, *sectors; /* [region] on whom; [sector] */
    dr_named named; /* groups among the names of whom and of the player: trade between members of one is left alone */
    bool inside;    /* unless this */
    char *name;     /* of whom, as the file says */
    double least, most, at; /* rates: bounds, and where the search begins */
} dr_tool;

typedef struct dr_player {
    char *name;
    bool *regions;
    dr_named named; /* the groups among its name */
    dr_tool *tools;
    size_t tool_count;
    dr_want want;
    char *rival; /* whose welfare counts, or whose share is kept up */
    double weight;
    dr_result share; /* to be kept at or above `level` */
    double level;
    size_t first, count; /* instruments */
    dr_policy policy;    /* all players' instruments; aims: own welfare, then the rival's or the share */
    double scale;        /* of the derivatives of its aim */
    double residual, regret;
} dr_player;

/* What a instrument is, for people. */
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
    dr_label *labels;          /* [instrument] */
    double *low, *high, *base; /* [instrument] */
    double *y;                 /* [instrument] where it ends */
    size_t instruments;
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

/* A list of instruments that grows, with what each is. */
typedef struct dr_instrument_list {
    dr_instrument *instruments;
    dr_label *labels;
    size_t count;
} dr_instrument_list;

/* instruments.c: all players' instruments, in the order of players and instruments; the game takes over what they are and may be, and looks whether
 * they go together. Errors: DR_BAD_INPUT. */
dr_status dr_instruments_make(const dr_game *game, dr_instrument_list *out);
dr_status dr_instruments_take(dr_game *game, dr_instrument_list *list);
void dr_instruments_free(dr_instrument_list *list);

/* The importers and exporters between whom an instrument is. Nothing of it is to be freed. */
dr_sides dr_tool_sides(const dr_player *player, const dr_tool *tool);

/* response.c: the best response of a player to the others' settings in y, into its own there, and what was found. `optimum` is made by
 * dr_response_new. */
dr_status dr_response_new(dr_optimum *optimum, const dr_game *game, size_t player);
dr_status dr_response_find(dr_optimum *optimum, dr_game *game, size_t player, double *y);

/* Fills the player's scale: how large the derivatives of its aim are at the base settings. */
dr_status dr_response_scale(dr_game *game, size_t player);

/* The first-order conditions of a player at y. */
dr_status dr_response_check(dr_optimum *optimum, dr_game *game, size_t player, const double *y);

/* A cut that does not bind has no derivative: moves a player's curbs, where its others and all of the others' are as in y, until they do. */
dr_status dr_response_tighten(dr_game *game, size_t player, double *y);

/* What a player could gain by leaving y, searched for from other starts: percent of its real income, with what its aim counts. */
dr_status dr_response_regret(double *regret, dr_game *game, size_t player, const double *y);

/* A player's f (to be small) from the last evaluation of its policy, and its derivative with respect to any instrument. */
double dr_player_loss(const dr_player *player);
double dr_player_slope(const dr_player *player, size_t instrument);

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

/* Real income that a side has in the base; and how much it changes in a solution of any model, in percent of the base of that. */
double dr_game_income(const dr_game *game, const bool *regions);
double dr_game_welfare(const dr_solution *solution, const bool *regions);

/* Whether the share of `against` in what `of` imports is above the cap in some of the sectors, so that there is something to plan; the
 * codes of the sectors with commas between, to be freed. */
bool dr_game_exceeds(const dr_game *game, const bool *sectors, double cap);
char *dr_game_sectors(const dr_game *game, const bool *sectors);

/* What a plan within a game is asked for: a cap on each of the sectors. */
dr_plan_options dr_game_plan_options(const dr_game *game, const char *sectors, double cap);

/* plan_before.c: carries out the plan that comes first, if there is one. */
dr_status dr_game_plan_first(dr_game *game);
void dr_before_free(dr_before *before);

/* coercion.c, coalition.c: try the sets; and the tables of that. */
dr_status dr_game_coerce(dr_game *game);
dr_status dr_game_coercion_table(dr_table **out, const dr_game *game);
void dr_game_sort_trials(const dr_game *game); /* the most leverage first */
void dr_game_name_set(char *out, size_t size, const dr_game *game, uint64_t set, const char *between);
dr_status dr_game_join(dr_game *game);
dr_status dr_game_coalition_table(dr_table **out, const dr_game *game);
void dr_game_name_means(char *out, size_t size, const dr_trials *trials);
const dr_trial *dr_game_all_join(const dr_trials *trials);
dr_harm dr_game_coordination(const dr_trials *trials);

/* delay.c: the answer to each year's plan; and the table. */
dr_status dr_game_delay(dr_game *game);
dr_status dr_game_delay_table(dr_table **out, const dr_game *game);
double dr_game_delay_residual(const dr_game *game); /* the largest of any year's first-order conditions */

/* game_tables.c: the title of a game, or who plays. */
const char *dr_game_heading(char out[DR_HEADLINE_SIZE], const dr_game *game);

/* game_tables.c: begins a table of a game that is solved. Which bound holds a setting: "least", "most" or ""; the largest residual of the
 * players' first-order conditions; whether starts lead to different outcomes. */
dr_status dr_game_begin_table(dr_table **out, const dr_game *game, const dr_column_spec *columns, size_t count);
const char *dr_game_bound(const dr_game *game, size_t instrument);
double dr_game_rate(const dr_game *game, size_t instrument);  /* as people have it, percent */
double dr_game_wedge(const dr_game *game, size_t instrument); /* between seller and buyer, percent */
extern const char *const dr_game_kinds[DR_KINDS];             /* "tariff", ... */
double dr_game_residual(const dr_game *game);
bool dr_game_several(const dr_game *game);

/* Checks options for the public `function`. Errors: DR_USAGE. */
dr_status dr_game_check(const char *function, const dr_game_options *options);

/* Says how far it is. */
void dr_game_progress(const dr_game *game, const char *what, size_t done);

#endif
