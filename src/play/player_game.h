/* Games with players: best responses, Nash equilibria, leader and follower. Each player has instruments, whose settings
 * y = ln(1 + rate) it chooses, and an aim. The settings of all players are one array, one player's after another's. */
#ifndef DR_PLAY_PLAYER_GAME_H
#define DR_PLAY_PLAYER_GAME_H

#include "plan/optimum.h"
#include "plan/policy.h"
#include "play/game.h"
#include "scenario/json_schema.h"
#include "scenario/product_change.h"

/* The aim of a player: its own welfare; its own less a part of another player's; or to keep its share in a market at
 * the least loss of welfare. */
typedef enum dr_player_aim { DR_AIM_WELFARE, DR_AIM_LESS, DR_AIM_HINDER } dr_player_aim;

typedef enum dr_instrument_kind {
    DR_TARIFF,
    DR_QUOTA, /* purchases by volume; the rent is the player's */
    DR_USE_TAX,
    DR_EXPORT_TAX,
    DR_EXPORT_CURB, /* sales by volume; the rent is the player's */
    DR_PRODUCTION_TAX,
    DR_INSTRUMENT_KINDS
} dr_instrument_kind;

/* An instrument as the file states it: it becomes a dr_instrument for each of its sectors or products, or one for all
 * of them. The setting of a volume is ln(1 - cut). */
typedef struct dr_instrument_spec {
    dr_instrument_kind kind;
    bool uniform;                   /* one rate for all sectors or products */
    bool *with;                     /* [region] partners; of taxes on production and use all regions */
    bool *sectors;                  /* [sector] */
    struct dr_product_set products; /* of these sectors, a rate for each; no mask: of all goods, one for each sector */
    dr_named named;                 /* groups named as player or partners: trade between members of one is left alone */
    bool inside;                    /* trade between members of a group is included */
    char *name;                     /* of the partners, as in the file */
    double least, most, start;      /* rates: bounds and starting value */
} dr_instrument_spec;

typedef struct dr_player {
    char *name;
    bool *regions;
    dr_named named; /* groups in its name */
    dr_instrument_spec *specs;
    size_t spec_count;
    dr_player_aim aim;
    char *rival;     /* whose welfare counts against its own, or in whose imports the share is kept */
    double weight;   /* of the rival's welfare */
    dr_result share; /* the share that is kept at or above `level` */
    double level;
    bool chooses;        /* false: its settings are given */
    bool leads;          /* it chooses first, anticipating the follower's best response */
    size_t first, count; /* its settings */
    dr_policy policy;    /* all players' instruments; aims: its welfare, then that of the rival, or the share */
    double scale;        /* of the derivatives of its loss; 0: not known yet */
    double residual;     /* of its first-order conditions; NAN: it does not choose */
    double regret;       /* its largest gain from deviating that was found, percent of real income; NAN likewise */
} dr_player;

/* What a setting is. */
typedef struct dr_setting_label {
    size_t player;
    const dr_instrument_spec *spec;
    size_t sector;
    const char *product; /* its code, or "several"; NULL: all goods of the sector */
} dr_setting_label;

enum { DR_NOBODY = -1 };

typedef struct dr_player_game {
    dr_game game;
    dr_player *players;
    size_t count;
    size_t settings;           /* the number of settings of all players */
    dr_setting_label *labels;  /* [setting] */
    double *low, *high, *base; /* [setting] bounds and starting values of y */
    double *y;                 /* [setting] outcome */
    dr_scenario *standing;     /* changes that hold whatever players do; NULL: none */
    int compared;              /* the player whose loss tells which of several outcomes is kept; DR_NOBODY: the first */
    size_t rounds;             /* of best responses */
    size_t starts, failed_starts;
    double apart; /* the largest distance in y between the outcomes of different starting points */
} dr_player_game;

static inline dr_player_game *dr_player_game_of(dr_game *game)
{
    return (dr_player_game *)game;
}

static inline const dr_player_game *dr_const_player_game_of(const dr_game *game)
{
    return (const dr_player_game *)game;
}

/* ---- players_read.c ---- */

/* Reads the list of players, and the changes that hold whatever they do (NULL: none). Errors: DR_BAD_INPUT,
 * DR_MACHINE. */
dr_status dr_players_read(dr_player_game *game, dr_game_reader *reader, const yaml_node_t *players,
                          yaml_node_t *changes);

/* Its part of the JSON schema of games. */
json_t *dr_players_schema(void);

/* The player whose name a node has. Errors: DR_BAD_INPUT. */
dr_status dr_players_find(const dr_player_game *game, dr_game_reader *reader, const yaml_node_t *node, size_t *out);

/* ---- player_instruments.c ---- */

/* The names of the kinds in tables. */
extern const char *const dr_instrument_kind_names[DR_INSTRUMENT_KINDS];

/* Whether a kind is of volume, so that its rate is a cut; of sales abroad; on all flows of a region's sector, whoever
 * the partner is. */
bool dr_instrument_kind_cuts(dr_instrument_kind kind);
bool dr_instrument_kind_exports(dr_instrument_kind kind);
bool dr_instrument_kind_inland(dr_instrument_kind kind);

/* The instruments of all players in the order of players and specs, with their labels. */
typedef struct dr_instrument_list {
    dr_instrument *instruments;
    dr_setting_label *labels;
    size_t count;
} dr_instrument_list;

/* Makes the list; the game takes over the labels and sets the bounds, and checks that the instruments of all players go
 * together. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_player_instruments_make(const dr_player_game *game, dr_instrument_list *out);
dr_status dr_player_instruments_take(dr_player_game *game, dr_instrument_list *list);
void dr_player_instruments_free(dr_instrument_list *list);

/* The importers and exporters between which an instrument works. Nothing of it is to be freed. */
dr_sides dr_instrument_spec_sides(const dr_player *player, const dr_instrument_spec *spec);

/* "tariff of the EU on China". */
void dr_instrument_spec_name(char *out, size_t size, const dr_economy *names, const dr_player *player,
                             const dr_instrument_spec *spec);

/* Of a setting of the outcome: the bound at which it is ("least", "most" or ""); its rate or cut, percent; and the
 * wedge between the seller's and the buyer's price, percent. */
const char *dr_setting_bound(const dr_player_game *game, size_t setting);
double dr_setting_rate(const dr_player_game *game, size_t setting);
double dr_setting_wedge(const dr_player_game *game, size_t setting);

/* ---- players.c ---- */

/* A copy of a mask over regions or sectors. Errors: DR_MACHINE. To be freed. */
dr_status dr_copy_mask(bool **out, const bool *mask, size_t count);

/* Makes the instruments and policies of players that have been read. Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_players_prepare(dr_player_game *game);

/* Follows a kind's rule from settings y to an outcome. */
typedef dr_status dr_players_rule(dr_player_game *game, double *y);

/* Plays from several starting points, keeps one outcome in game->y, and checks it: first-order conditions and regret of
 * every player that chooses. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_players_solve(dr_player_game *game, dr_players_rule *rule);

/* The largest residual of the first-order conditions of all players; whether starting points lead to different
 * outcomes. */
double dr_players_residual(const dr_player_game *game);
bool dr_players_disagree(const dr_player_game *game);

void dr_players_release(dr_game *game);
const dr_policy *dr_players_policy(const dr_game *game);

/* ---- response.c ---- */

/* The best response of a player to the others' settings in y, written into its own there; `optimum` comes from
 * dr_response_new. Errors: DR_NO_SOLUTION, DR_MACHINE. */
dr_status dr_response_new(dr_optimum *optimum, const dr_player_game *game, size_t player);
dr_status dr_response_find(dr_optimum *optimum, dr_player_game *game, size_t player, double *y);

/* Fills in the first-order conditions of a player at y. */
dr_status dr_response_check(dr_optimum *optimum, dr_player_game *game, size_t player, const double *y);

/* Sets the player's scale: the size of the derivatives of its loss at the starting values. */
dr_status dr_response_scale(dr_player_game *game, size_t player);

/* Tightens the player's export curbs in y until they bind: one that does not bind has no derivative. */
dr_status dr_response_tighten(dr_player_game *game, size_t player, double *y);

/* The largest gain of a player from deviating from y that searches from other starting points find: percent of its real
 * income, counted as in its aim. */
dr_status dr_response_regret(double *regret, dr_player_game *game, size_t player, const double *y);

/* The loss that a player minimises, at the last evaluation of its policy, and its derivative with respect to a
 * setting. */
double dr_player_loss(const dr_player *player);
double dr_player_slope(const dr_player *player, size_t setting);

/* The starting point of a number: the starting values (0), or random settings, the same each time. */
void dr_players_start(const dr_player_game *game, size_t start, double *y);

/* ---- joint.c ---- */

/* Solves the first-order conditions of all players together, from y; `met`: whether that led to settings, written to y,
 * from which no player moves at first order. It does not with export curbs, or where a player has to keep a share.
 * Errors: DR_MACHINE. */
dr_status dr_players_meet(dr_player_game *game, double *y, bool *met);

/* ---- players_tables.c, players_bands.c, players_summary.c, response_map.c: parts of a kind with players ---- */

dr_status dr_players_outcome(dr_table **out, const dr_game *game);
dr_status dr_players_settings(dr_table **out, const dr_game *game);
dr_status dr_players_map(dr_table **out, dr_game *game, size_t points);
dr_status dr_players_bands(dr_table **out, const dr_game *game, const char *table, const dr_draw_options *options);
void dr_players_add_facts(dr_table *table, const dr_game *game);
void dr_players_add_sides(dr_headline *heading, const dr_game *game);
dr_status dr_players_add_groups(const dr_game *game, dr_named *named, dr_insiders *insiders);

/* All paragraphs but the first, which is the kind's question. */
dr_status dr_players_summarise(dr_summary *summary, const char *question);

/* What all kinds with players share in their dr_game_kind. */
#define DR_PLAYER_KIND                                                                                                 \
    .size = sizeof(dr_player_game), .release = dr_players_release, .outcome = dr_players_outcome,                      \
    .add_facts = dr_players_add_facts, .add_sides = dr_players_add_sides, .add_groups = dr_players_add_groups,         \
    .policy = dr_players_policy, .settings = dr_players_settings, .map = dr_players_map, .bands = dr_players_bands

#endif
