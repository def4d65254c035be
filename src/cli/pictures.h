/* The pictures of commands: one table says what is drawn of which table. */
#ifndef DR_CLI_PICTURES_H
#define DR_CLI_PICTURES_H

#include "cli/line.h"
#include "report/plot.h"

enum { CLI_LABEL = 64 };

/* A picture of a table, with room for labels that the table names. */
typedef struct cli_picture {
    dr_plot plot;
    char labels[DR_MOST_SERIES][CLI_LABEL];
} cli_picture;

/* The picture of a table by the columns that it has; false: it has none. `out` stays where it is while it is used. */
bool cli_find_picture(cli_picture *out, const dr_table *table);

/* Draws the rows chosen of the table of a command as --plot says, if it is given. Errors: DR_USAGE (the table has no
 * picture), and those of dr_plot_write. */
dr_status cli_draw(const cli_line *line, dr_table *table);

/* Draws the changes of real income in a table of regions on a map, as --map says, if it is given. The first argument is
 * the world. Errors: DR_USAGE (no such table), and those of dr_map_write. */
dr_status cli_draw_changes(const cli_line *line, const dr_table *table);

/* The countries of the regions in column `column` of a table, for maps and bars: [row], "" where they are not known.
 * The texts are the world's; the caller frees the list. NULL: no memory. */
const char **cli_places(const dr_table *table, size_t column, const dr_world *world);

#endif
