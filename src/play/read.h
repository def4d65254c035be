/* What the readers of game files share. */
#ifndef DR_PLAY_READ_H
#define DR_PLAY_READ_H

#include "base/yaml.h"
#include "play/game.h"

typedef struct reader {
    dr_yaml yaml;
    dr_game *game;
    const dr_economy *economy;
} reader;

#define fail(r, node, ...) dr_yaml_fail(&(r)->yaml, node, __VA_ARGS__)

/* Names of regions and groups, one or a list of them, as one text with commas between; a copy of a text; a percentage, which stays what it is where there is none; marks the sectors of a node, goods without one. */
dr_status dr_game_take_names(reader *r, const yaml_node_t *node, char **out);
dr_status dr_game_take_text(reader *r, const yaml_node_t *node, const char *expected, char **out);
dr_status dr_game_take_rate(reader *r, const yaml_node_t *node, const char *expected, double *rate);
dr_status dr_game_take_goods(reader *r, yaml_node_t *node, bool *sectors);

/* read_trials.c: the keys of games without players. `means`: tariff, export-curb, ban; `who`: of, by, sectors. */
dr_status dr_game_read_coercion(reader *r, yaml_node_t *of, yaml_node_t *by, yaml_node_t *sectors, yaml_node_t *after);
dr_status dr_game_read_coalition(reader *r, yaml_node_t *of, yaml_node_t *against, yaml_node_t *sectors,
                                 yaml_node_t *partners, yaml_node_t *const means[3]);
dr_status dr_game_read_delay(reader *r, yaml_node_t *const who[3], const yaml_node_t *caps, const yaml_node_t *level,
                             const yaml_node_t *most);

#endif
