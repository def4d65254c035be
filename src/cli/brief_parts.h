/* The parts of a brief of 'derisk report' that scenarios, plans and games have in common. */
#ifndef DR_CLI_BRIEF_PARTS_H
#define DR_CLI_BRIEF_PARTS_H

#include "cli/line.h"
#include "report/brief.h"

/* A table of a brief: the rows with the largest numbers of a column, from the highest down, then groups. Columns that
 * the table does not have are left out. */
typedef struct cli_brief_table {
    const char *heading, *caption;
    const char *rank;      /* the column that says which rows matter; NULL: the first rows */
    const char *rank_less; /* a column that is taken off it; NULL: none */
    size_t most;           /* rows besides groups */
    bool foreign;          /* no trade of a region with itself */
    const char *only;      /* rows with this text in the first column; NULL: all */
    struct {
        const char *column, *heading; /* a column of sums of money has its unit after the heading */
    } columns[DR_BRIEF_COLUMNS];
} cli_brief_table;

dr_status cli_brief_add(dr_brief *brief, const dr_table *table, const cli_brief_table *what);

/* The sentences of the table's answer, as a paragraph; or the rows of a table `about, says`, as a list,
 * without those that the brief says elsewhere. */
void cli_brief_answer(dr_brief *brief, const dr_table *table);
void cli_brief_summary(dr_brief *brief, const dr_table *summary);

/* The picture that --plot would draw of the table, if it has one. */
dr_status cli_brief_picture(dr_brief *brief, const dr_table *table, const dr_world *world);

/* A map of the changes of real income in a table of regions. */
dr_status cli_brief_map(dr_brief *brief, const dr_table *table, const dr_world *world);

/* What ends every brief: the method with the equations that were used, notes, sources and licences, settings and
 * certificate, the text of the file (NULL: there is none), and the command that makes the brief again. */
dr_status cli_brief_method(dr_brief *brief, const dr_table *table);
dr_status cli_brief_sources(dr_brief *brief, const dr_table *table, dr_world *world);
void cli_brief_settings(dr_brief *brief, const dr_table *table);
dr_status cli_brief_command(dr_brief *brief, const cli_line *line, const char *file);

#endif
