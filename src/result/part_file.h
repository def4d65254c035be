/* The file of one part of a run of draws: Parquet with the columns of every draw, the results at the estimates as draw
 * 0, and one entry of metadata, a JSON object that says which part it is of which run. */
#ifndef DR_RESULT_PART_FILE_H
#define DR_RESULT_PART_FILE_H

#include <jansson.h>

#include "result/model_draws.h"

/* The run that a part belongs to, as pairs of keys and texts that all its parts have alike: {"version": "0.1.0", ...}.
 * NULL without memory; free with json_decref. `all`: the options of all draws. */
json_t *dr_part_run(const dr_model *model, const dr_scenario *scenario, const dr_draw_options *all, size_t parts);

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
