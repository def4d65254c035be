/* Shared by the files of the panel, and by them only: flow_panel.c reads the rows; flow_panel_source.c opens files
 * and worlds and writes the query; flow_panel_bind.c gives the names of formulas their fields; flow_panel_groups.c
 * reads memberships; flow_panel_values.c evaluates expressions; flow_panel_levels.c crosses categories. */
#ifndef DR_ESTIMATE_FLOW_PANEL_IMPL_H
#define DR_ESTIMATE_FLOW_PANEL_IMPL_H

#include <stdio.h>

#include "estimate/flow_panel.h"

/* A name that formulas and the filter may use for a column. */
typedef struct dr_source_column {
    const char *name; /* that of the file, or exporter, importer, year, trade for the column that is it */
    const char *of;   /* the file's name for it; NULL: the year in the name of the file */
    const char *type; /* in SQL, as far as one can see: VARCHAR, BIGINT, DOUBLE ... */
    bool joined;      /* it is one of the file that is joined */
} dr_source_column;

enum { DR_MOST_KEYS = 8 };

/* A column of the flows by which a file is joined, and where that file has it. */
typedef struct dr_join_key {
    const char *name;
    int at;
} dr_join_key;

typedef struct dr_flow_panel_source {
    dr_duck duck;                 /* of files */
    struct dr_relation *relation; /* [file] */
    struct dr_relation *join;     /* whose columns are added, or NULL */
    dr_join_key key[DR_MOST_KEYS];
    size_t keys;
    bool fill;               /* with zeros where there is no row */
    struct dr_world *world;  /* of the flows, else NULL */
    struct dr_world *groups; /* whose groups are meant, or NULL */
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

/* Adds a file's columns that are not there yet. */
dr_status dr_flow_panel_source_add(dr_flow_panel_source *source, const struct dr_relation *relation, bool joined);

/* The column of a file that has a role, such as exporter, or else that name; -1 without one. */
int dr_flow_panel_source_role(const dr_names *columns, const char *name);

/* Whether a field or the filter is of the column. */
bool dr_flow_panel_source_needs(const dr_flow_panel *panel, const char *name);

/* A column of a file under its name, of the relation `from` ("", "j."). */
void dr_flow_panel_print_column(FILE *to, const dr_flow_panel *panel, const struct dr_relation *relation,
                                const dr_source_column *column, bool others, const char *from);

/* flow_panel_join.c. _open opens the file that is joined and adds its columns. _check, called once the panel is bound,
 * reports a combination of keys that occurs twice in it. _print_around prints the query that adds zeros and the joined
 * columns to the flows of a file; `inner`, in parentheses, is the query that reads these.
 * Errors: DR_BAD_INPUT, DR_MACHINE. */
dr_status dr_flow_panel_join_open(dr_flow_panel_source *source, const dr_flow_panel_request *request);
dr_status dr_flow_panel_join_check(const dr_flow_panel_source *source, const dr_flow_panel *panel);
dr_status dr_flow_panel_print_around(FILE *to, const dr_flow_panel_source *source, const dr_flow_panel *panel,
                                     bool others, const char *inner);

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
