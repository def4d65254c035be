/* Parts of runs of many solves that make one table: the values of a sweep, or the cut-offs of a scan. A part is the
 * table of some of them, in their order. */
#ifndef DR_RESULT_PART_TABLE_H
#define DR_RESULT_PART_TABLE_H

#include "result/part_file.h"

/* One part of a run. Its solves are numbered from 0. */
typedef struct dr_part_task {
    const char *kind;     /* DR_PART_SWEEP or DR_PART_CUTS */
    const char *question; /* what beside the world, the model and the scenario makes the run what it is */
    size_t items;         /* solves of the whole run */
    size_t part, parts;   /* from 1 */
} dr_part_task;

#define DR_PART_SWEEP "sweep"
#define DR_PART_CUTS "cut-offs"

/* The first solve of the part, and that behind its last. */
size_t dr_part_task_first(const dr_part_task *task);
size_t dr_part_task_end(const dr_part_task *task);

/* Begins a part: *run is what identifies it (json_decref), and *there whether its file is there already. `scenario`
 * (NULL: none): that of the first solve. Errors: DR_USAGE (more parts than solves), DR_BAD_INPUT (`path` is a part of
 * another run, or no part), DR_MACHINE. */
dr_status dr_part_task_begin(json_t **run, bool *there, const char *path, const dr_model *model,
                             const dr_scenario *scenario, const dr_part_task *task);

/* Writes the table of the part, whole or not at all. Errors: those of output. */
dr_status dr_part_task_write(const char *path, dr_table *table, json_t *run, const dr_part_task *task);

/* The table of a run from its parts, which are all there and in their order. Errors: DR_BAD_INPUT, DR_MACHINE. Free
 * with dr_table_free. */
dr_status dr_part_tables_combine(dr_table **out, const dr_part *part, size_t count);

#endif
