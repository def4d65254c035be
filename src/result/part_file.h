/* The file of one part of a run: Parquet with its rows, and one entry of metadata, a JSON object that says which part
 * it is of which run. A run of draws has the columns of every draw, and the results at the estimates as draw 0. */
#ifndef DR_RESULT_PART_FILE_H
#define DR_RESULT_PART_FILE_H

#include <jansson.h>

#include "result/model_draws.h"

/* The run that a part belongs to, as pairs of keys and texts that all its parts have alike: {"version": "0.1.0", ...}.
 * NULL without memory; free with json_decref. `all`: the options of all draws. */
json_t *dr_part_run(const dr_model *model, const dr_scenario *scenario, const dr_draw_options *all, size_t parts);

/* Whether the file at `path` is this part of the run already. Errors: DR_BAD_INPUT (a part of another run, another
 * part, another kind of file), DR_MACHINE. */
dr_status dr_part_look(bool *there, const char *path, const json_t *run, size_t part);

/* A file that has been read. */
typedef struct dr_part {
    char *path;
    json_t *of;
    size_t number;
} dr_part;

/* Title, unit, facts, notes, sentences and the like of a table as a JSON object, which is NULL without memory; and a
 * table given all of them but the kinds of its columns. */
json_t *dr_part_describe(const dr_table *table);
void dr_part_describe_as(dr_table *table, const json_t *of);

/* What the run of a part is made from, as facts of what its `parts` parts make together. */
void dr_part_add_provenance(dr_table *table, const json_t *run, size_t parts);

/* Writes a table and metadata. Errors: DR_BAD_INPUT (the path), DR_MACHINE. */
dr_status dr_part_write_table(const char *path, const dr_table *table, const char *metadata);

/* Whether two runs differ, and in what: "the seed is 2 and not 1", "the scenario differs". */
enum { DR_PART_WORDS_SIZE = 160 };
bool dr_part_differs(char out[DR_PART_WORDS_SIZE], const json_t *run, const json_t *from);

/* The metadata of the file at `path`. *out stays NULL where there is no file, and where it is damaged: cut off, empty,
 * or of fewer rows than it should have. Free with json_decref. Errors: DR_BAD_INPUT (another kind of file),
 * DR_MACHINE. */
dr_status dr_part_read(json_t **out, const char *path);

/* Writes the table of every draw of a run, and its metadata, completely or not at all. Errors: those of output. */
dr_status dr_part_write(const char *path, const dr_model_draws *draws, json_t *of, size_t part);

#endif
