/* Flows between exporters and importers over years, and what stands beside them, as arrays: what a formula's names
 * stand for. */
#ifndef DR_ESTIMATE_FLOW_PANEL_H
#define DR_ESTIMATE_FLOW_PANEL_H

#include <stdint.h>

#include "base/duck.h"
#include "base/names.h"
#include "estimate/formula.h"
#include "world/roster.h"

#define DR_NO_LEVEL UINT32_MAX

/* A column of the panel: as numbers, as a category, or as both. */
typedef struct dr_field {
    const char *name;
    bool as_number, as_category;
    double *number;  /* [row of all], NAN where there is none */
    uint32_t *level; /* [row of all], DR_NO_LEVEL where there is none */
    dr_names levels; /* in order: numbers by size, then texts */
} dr_field;

/* Membership in a group by year. */
typedef struct dr_flow_panel_group {
    const char *name;
    int first, years;                   /* calendar years */
    unsigned char *exporter, *importer; /* [level, year - first] */
    struct {
        const char *name; /* "EU", "EU@2020" */
        int first, last;  /* the years of the composition: those of the rows that the filter keeps, or one */
        /* countries that are members in one of these years; and those of them with such a row in such a year */
        dr_group_size size;
        const char *here; /* the exporters and importers that they are: "DEU FRA" */
    } told;
} dr_flow_panel_group;

enum { DR_MOST_SHIFT = 200 }; /* years of a lag or lead, all together */

/* A hash table that finds the rows of a flow in other years. */
typedef struct dr_flow_panel_index {
    uint32_t *slot; /* row + 1 */
    size_t slots;
} dr_flow_panel_index;

typedef struct dr_flow_panel {
    size_t rows;     /* that the filter keeps; they come first */
    size_t all_rows; /* with those that only lags and leads look at */
    dr_field *field;
    size_t fields;
    int exporter, importer, year, by, sector; /* fields, or -1; sector: where it tells flows apart for lags and leads */
    dr_flow_panel_group *group;
    size_t groups;
    dr_flow_panel_index index; /* empty unless a formula looks at other years */
    const char *const *files;
    size_t file_count;
    const char *where;
    bool rearranged; /* rows are not those of the file, one by one */
    dr_arena arena;
} dr_flow_panel;

/* The columns and formulas for which a panel is read. */
typedef struct dr_flow_panel_request {
    const char *const *files; /* CSV, Parquet, or one world */
    size_t file_count;
    const char *world;                      /* whose groups are meant; NULL: of the flows, if they are a world */
    const char *exporter, *importer, *year; /* names of these columns; NULL: guessed */
    const char *where;                      /* an SQL expression; NULL: all rows */
    const char *by;                         /* a column; NULL: none */
    const char *join, *on; /* a file whose columns are added, by those of `on` ("exporter, year"; NULL: the usual) */
    bool fill_zeros;       /* pairs without a row in a year have one of zero trade */
    const char *const *numbers; /* further columns that are read as numbers: NULL ends them */
    dr_formula *formulas;       /* are bound: each name gets its field */
    size_t formula_count;
} dr_flow_panel_request;

/* The meaning of a bound name, besides fields from 0 on. */
enum { DR_BOUND_NOTHING = -1, DR_BOUND_PAIR = -2, DR_BOUND_DIRECTED = -3, DR_BOUND_INTERNATIONAL = -4 };

/* Reads the panel. Errors: DR_BAD_INPUT (unknown names, at their place in the formula; a cell that is no number,
 * with file:line:column; an unsound filter), DR_MACHINE (more rows than memory holds). Free with dr_flow_panel_free,
 * on failure too. */
dr_status dr_flow_panel_read(dr_flow_panel *out, const dr_flow_panel_request *request);
void dr_flow_panel_free(dr_flow_panel *panel);

/* The value of a bound expression in a row: NAN or infinite where there is none. */
double dr_flow_panel_value(const dr_flow_panel *panel, const dr_node *node, size_t row);

/* The levels of a bound category: [row] DR_NO_LEVEL where there is none. */
typedef struct dr_flow_levels {
    uint32_t *level;
    size_t count;
    size_t *first; /* [level] a row that has it */
} dr_flow_levels;

/* The levels of a crossing; domestic flows share one level of pair if `one_domestic`. Free both arrays. */
dr_status dr_flow_panel_cross(dr_flow_levels *out, const dr_flow_panel *panel, const dr_crossing *crossing,
                              bool one_domestic);
void dr_flow_levels_free(dr_flow_levels *levels);

/* A crossing's level in words, "DEU^1994", by a row that has it. */
const char *dr_flow_panel_level_name(char *text, size_t size, const dr_flow_panel *panel, const dr_crossing *crossing,
                                     size_t row, bool one_domestic);

/* "DEU to FRA in 1994", with the line of the file where it can be told. */
const char *dr_flow_panel_place(char *text, size_t size, const dr_flow_panel *panel, size_t row);

bool dr_flow_panel_is_domestic(const dr_flow_panel *panel, size_t row);

#endif
