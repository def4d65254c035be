/* Reading game files: the parts that several kinds share. */
#ifndef DR_PLAY_GAME_READER_H
#define DR_PLAY_GAME_READER_H

#include "base/yaml.h"
#include "model/model.h"
#include "scenario/product_change.h"
#include "world/select.h"

typedef struct dr_game_reader {
    dr_yaml yaml;
    const dr_economy *economy;
    dr_own_groups own; /* that the document defines */
} dr_game_reader;

/* Fails with the place of a node. */
#define dr_game_fail(reader, node, ...) dr_yaml_fail(&(reader)->yaml, node, __VA_ARGS__)

/* A text; `expected` says which. Errors: DR_BAD_INPUT, DR_MACHINE. To be freed. */
dr_status dr_game_read_text(dr_game_reader *reader, const yaml_node_t *node, const char *expected, char **out);

/* A percentage such as 25% as a fraction; *rate stays as it is where there is no node. Errors: DR_BAD_INPUT. */
dr_status dr_game_read_rate(dr_game_reader *reader, const yaml_node_t *node, const char *expected, double *rate);

/* A percentage between 0% and 100%, both excluded. Errors: DR_BAD_INPUT. */
dr_status dr_game_read_share(dr_game_reader *reader, const yaml_node_t *node, const char *expected, double *share);

/* Which of the words a node is. Errors: DR_BAD_INPUT. */
dr_status dr_game_read_word(dr_game_reader *reader, const yaml_node_t *node, const char *const *words, size_t count,
                            const char *expected, size_t *out);

/* Marks the sectors of a node; goods where there is none. Errors: DR_BAD_INPUT. */
dr_status dr_game_read_sectors(dr_game_reader *reader, yaml_node_t *node, bool *sectors);

/* The products of a node, codes and lists; *set stays as it is where there is none. Errors: DR_BAD_INPUT (unknown; no
 * product flows), DR_MACHINE. Free set->mask, on failure too. */
dr_status dr_game_read_products(dr_game_reader *reader, yaml_node_t *node, dr_product_set *set);

/* Fails where the imports of a model are not made of products. Errors: DR_BAD_INPUT. */
dr_status dr_game_need_products(const dr_model *model);

/* The number of items of a list, 0 for any other node; and one of them. */
size_t dr_game_list_size(const yaml_node_t *node);
yaml_node_t *dr_game_list_item(dr_game_reader *reader, const yaml_node_t *node, size_t item);

#endif
