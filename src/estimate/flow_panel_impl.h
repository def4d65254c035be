/* Shared by the files of the panel, and by them only: flow_panel.c reads the rows; flow_panel_source.c opens files
 * and worlds and writes the query; flow_panel_bind.c gives the names of formulas their fields; flow_panel_groups.c
 * reads memberships; flow_panel_values.c evaluates expressions; flow_panel_levels.c crosses categories. */
#ifndef DR_ESTIMATE_FLOW_PANEL_IMPL_H
#define DR_ESTIMATE_FLOW_PANEL_IMPL_H

#include "estimate/flow_panel.h"

/* A name that formulas and the filter may use for a column. */
typedef struct dr_source_column {
    const char *name; /* that of the file, or exporter, importer, year, trade for the column that is it */
    const char *of;   /* the file's name for it; NULL: the year in the name of the file */
    const char *type; /* in SQL, as far as one can see: VARCHAR, BIGINT, DOUBLE ... */
} dr_source_column;

typedef struct dr_flow_panel_source {
    dr_duck duck;                 /* of files */
    struct dr_relation *relation; /* [file] */
    struct dr_world *world;       /* of the flows, else NULL */
    struct dr_world *groups;      /* whose groups are meant, or NULL */
    dr_source_column *column;
    size_t columns;
    dr_arena arena;
} dr_flow_panel_source;

/* flow_panel_source.c: opens what is to be read. Errors: DR_BAD_INPUT (no such file, several worlds, a column that
 * is not there). Close with dr_flow_panel_source_close, on failure too. */
dr_status dr_flow_panel_source_open(dr_flow_panel_source *out, const dr_flow_panel_request *request);
void dr_flow_panel_source_close(dr_flow_panel_source *source);

/* The column of that name, or NULL. */
const dr_source_column *dr_flow_panel_source_find(const dr_flow_panel_source *source, const char *name);

/* The query that gives the panel's fields of a file, each as a number or, where it is but a category, a text: of the
 * rows that the filter keeps, or of the others, where a cell that is no number is missing. The caller frees. */
dr_status dr_flow_panel_query(char **sql, const dr_flow_panel_source *source, const dr_flow_panel *panel, size_t file,
                              bool others);

/* Whether rows are by sector. */
bool dr_flow_panel_by_sector(const dr_flow_panel_source *source, const dr_flow_panel *panel);

/* No query from here on reads or writes another file. */
dr_status dr_flow_panel_source_lock(const dr_flow_panel_source *source);

/* The first cell of the file that is no number where one was expected: fails with its place; DR_OK if there is none. */
dr_status dr_flow_panel_fault(const dr_flow_panel_source *source, const dr_flow_panel *panel, size_t file);

/* A panel that is being read. */
typedef struct dr_flow_reading {
    dr_flow_panel *panel;
    const dr_flow_panel_request *request;
    dr_flow_panel_source source;
    const dr_formula *formula; /* being bound */
    bool shifts;               /* a formula looks at other years */
} dr_flow_reading;

enum { DR_MOST_FIELDS = 64 };

/* flow_panel_bind.c: gives each name its field; and, once the rows are there, each group its members. */
dr_status dr_flow_panel_bind(dr_flow_reading *reading);
dr_status dr_flow_panel_bind_groups(dr_flow_reading *reading);

/* flow_panel_values.c: finds each flow in other years, kept or not. Errors: DR_BAD_INPUT (a flow that is there
 * twice). */
dr_status dr_flow_panel_make_index(dr_flow_panel *panel);

/* flow_panel_groups.c: fills the memberships of the group that the node names; *index is its place. */
dr_status dr_flow_panel_group_find(dr_flow_panel *panel, const struct dr_world *world, const dr_formula *formula,
                                   dr_node *node);

#endif
