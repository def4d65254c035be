/* The heading of a scenario, shock or game without a title, made of its changes: "tariff EU:CHN:all:25%, ban
 * EU:RUS:mining". */
#ifndef DR_SCENARIO_HEADLINE_H
#define DR_SCENARIO_HEADLINE_H

#include "base/yaml.h"

enum { DR_HEADLINE_SIZE = 200, DR_HEADLINE_NAMES_SIZE = 96 };

/* Empty if zeroed. Parts beyond its size are only counted. */
typedef struct dr_headline {
    char text[DR_HEADLINE_SIZE];
    size_t left_out;
} dr_headline;

/* Adds a part; it may hold "%" of its own, but no line end. */
void dr_headline_add(dr_headline *headline, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The parts, and how many more there are. */
const char *dr_headline_write(char out[DR_HEADLINE_SIZE], const dr_headline *headline);

/* Names as a part has them, "EU,USA": of a list with commas between, or of a node of a document, the first few. */
void dr_headline_names(char out[DR_HEADLINE_NAMES_SIZE], const char *list);
void dr_headline_node(char out[DR_HEADLINE_NAMES_SIZE], dr_yaml *yaml, const yaml_node_t *node);

#endif
