/* The two parties of a game without players: `of`, who is hurt or acts first, and `against`, the other side. Games of
 * coercion and delay call the other side `by`. */
#ifndef DR_PLAY_PARTIES_H
#define DR_PLAY_PARTIES_H

#include "play/game.h"
#include "world/describe.h"
#include "world/sides.h"

typedef struct dr_parties {
    char *of, *against; /* names as in the file, and as sentences say them */
    char of_words[DR_SPOKEN_SIZE], against_words[DR_SPOKEN_SIZE];
    dr_sides sides;          /* regions of both; sides.to is `against` */
    bool *sectors;           /* [sector] of the game */
    dr_product_set products; /* of these sectors, what the game is about; no mask: all their goods */
} dr_parties;

/* Reads the nodes of both parties, of the sectors, or codes and lists of products in their place (NULL: goods), and of
 * `inside` (NULL: false). Errors: DR_BAD_INPUT (also products in a model without them), DR_MACHINE. Free with
 * dr_parties_free, on failure too. */
dr_status dr_parties_read(dr_parties *out, dr_game_reader *reader, const dr_model *model, yaml_node_t *of,
                          yaml_node_t *against, yaml_node_t *sectors, yaml_node_t *inside);
void dr_parties_free(dr_parties *parties);

/* For the title and the notes of a table: dr_game_kind's add_sides and add_groups. */
void dr_parties_add_sides(const dr_parties *parties, dr_headline *heading);
dr_status dr_parties_add_groups(const dr_parties *parties, const dr_model *model, dr_named *named);

/* A column that is about one of them has its name in the heading: `before`, the name, `after` (dr_table_word). */
void dr_word_party(dr_table *table, const char *column, const char *before, const char *party, const char *after,
                   const char *description);

/* What `of` buys of a sector from `against` in the base of a model, in the unit of the world. */
double dr_parties_trade(const dr_parties *parties, const dr_model *model, size_t sector);

/* The same of one product of a sector, in a model whose imports are made of products. Errors: DR_MACHINE. */
dr_status dr_parties_product_trade(double *out, const dr_sides *sides, const dr_model *model, size_t sector,
                                   size_t product);

/* Whether the share of `against` in the imports of `of` is above the cap in any of the sectors, so that a plan is
 * needed. */
bool dr_parties_exceed(const dr_parties *parties, const dr_model *model, const bool *sectors, double cap);

/* The plan of `of` in a model with a cap on each of the marked sectors, at the least cost to all regions together: what
 * it does about its dependence, not the tariffs that suit it. Errors: as dr_plan_new. */
dr_status dr_parties_plan(dr_plan **out, const dr_parties *parties, const dr_game *game, const dr_model *model,
                          const bool *sectors, double cap);

#endif
