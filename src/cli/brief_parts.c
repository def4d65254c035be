#include "cli/brief_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "cli/pictures.h"
#include "report/number.h"

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

typedef struct ranked {
    size_t row;
    double number;
} ranked;

static int larger_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (fabs(x->number) != fabs(y->number))
        return fabs(x->number) > fabs(y->number) ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int higher_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->number != y->number)
        return x->number > y->number ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* What a row is ranked by; NAN: it is left out. */
static double rank_of(const dr_table *table, const cli_brief_table *what, size_t row)
{
    int rank = what->rank ? dr_table_find(table, what->rank) : -1;
    int less = what->rank_less ? dr_table_find(table, what->rank_less) : -1;
    if (dr_table_row_kind(table, row) != DR_ROW_ONE ||
        (what->foreign && strcmp(dr_table_text(table, row, 0), dr_table_text(table, row, 1)) == 0) ||
        (what->only && strcmp(dr_table_text(table, row, 0), what->only) != 0))
        return NAN;
    if (rank < 0)
        return 0;
    double number = dr_table_number(table, row, (size_t)rank);
    return less < 0 ? number : number - dr_table_number(table, row, (size_t)less);
}

/* Puts into `rows` those that are shown, and returns how many. */
static size_t choose_rows(size_t *rows, ranked *ranks, const dr_table *table, const cli_brief_table *what)
{
    size_t count = 0;
    for (size_t i = 0; i < table->rows; i++) {
        double number = rank_of(table, what, i);
        if (!isnan(number))
            ranks[count++] = (ranked){i, number};
    }
    if (what->rank)
        qsort(ranks, count, sizeof *ranks, larger_first);
    count = count < what->most ? count : what->most;
    if (what->rank)
        qsort(ranks, count, sizeof *ranks, higher_first);
    for (size_t i = 0; i < count; i++)
        rows[i] = ranks[i].row;
    for (size_t i = 0; i < table->rows && !what->foreign; i++)
        if (dr_table_row_kind(table, i) == DR_ROW_GROUP)
            rows[count++] = i;
    return count;
}

/* The heading of a column, with the unit of sums of money. */
static void write_heading(char *out, size_t size, const dr_table *table, size_t column, const char *heading)
{
    bool money = table->columns[column].show == DR_SHOW_VALUE;
    snprintf(out, size, "%s%s%.150s%s", heading, money ? " (" : "", money ? dr_table_fact_text(table, "unit") : "",
             money ? ")" : "");
}

dr_status cli_brief_add(dr_brief *brief, const dr_table *table, const cli_brief_table *what)
{
    char headings[DR_BRIEF_COLUMNS][256];
    size_t *rows = dr_new(table->rows + 1, sizeof *rows);
    ranked *ranks = dr_new(table->rows + 1, sizeof *ranks);
    dr_brief_view view = {.table = table, .caption = what->caption, .rows = rows};
    dr_status status = rows && ranks ? DR_OK : dr_fail_memory();
    for (size_t i = 0; i < DR_BRIEF_COLUMNS && what->columns[i].column; i++) {
        int column = dr_table_find(table, what->columns[i].column);
        if (column < 0)
            continue;
        size_t at = view.column_count++;
        write_heading(headings[at], sizeof headings[at], table, (size_t)column, what->columns[i].heading);
        view.columns[at] = (size_t)column;
        view.headings[at] = headings[at];
    }
    if (status == DR_OK)
        view.row_count = choose_rows(rows, ranks, table, what);
    if (status == DR_OK && view.row_count > 0) {
        if (what->heading)
            dr_brief_heading(brief, what->heading);
        dr_brief_table(brief, &view);
    }
    free(rows);
    free(ranks);
    return status;
}

/* ---- Sentences --------------------------------------------------------------------------------------------------- */

void cli_brief_answer(dr_brief *brief, const dr_table *table)
{
    for (size_t i = 0; i < dr_table_sentences(table); i++)
        dr_brief_text(brief, "%s", dr_table_sentence(table, i));
}

void cli_brief_summary(dr_brief *brief, const dr_table *summary)
{
    static const char *const elsewhere[] = {"question", "answer", "trade"}; /* parts of their own, or of the answer */
    for (size_t i = 0; i < summary->rows; i++) {
        const char *about = dr_table_text(summary, i, 0);
        bool said = false;
        for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
            said = said || strcmp(about, elsewhere[k]) == 0;
        if (!said)
            dr_brief_item(brief, about, dr_table_text(summary, i, 1));
    }
}

/* ---- Pictures ---------------------------------------------------------------------------------------------------- */

/* What a picture draws of a row; NAN: nothing, or a sum. */
static double number_of(const dr_plot *plot, size_t row)
{
    const dr_table *table = plot->table;
    bool own =
        plot->foreign && strcmp(dr_table_text(table, row, plot->key), dr_table_text(table, row, plot->more[0])) == 0;
    if (own || dr_table_row_kind(table, row) != DR_ROW_ONE)
        return NAN;
    double less = plot->less ? dr_table_number(table, row, plot->less) : 0;
    return dr_table_number(table, row, plot->columns[0]) - less;
}

/* "China -0.17%": the row with the highest (sign 1) or lowest (-1) number; "none" if there is none. */
static void write_extreme(char *out, size_t size, const dr_plot *plot, double sign)
{
    const dr_table *table = plot->table;
    char digits[DR_NUMBER_SIZE], name[160] = "";
    size_t found = table->rows, length = 0;
    for (size_t i = 0; i < table->rows; i++)
        if (!isnan(number_of(plot, i)) &&
            (found == table->rows || sign * number_of(plot, i) > sign * number_of(plot, found)))
            found = i;
    snprintf(out, size, "none");
    if (found == table->rows)
        return;
    size_t texts[1 + DR_MOST_MORE] = {plot->key};
    memcpy(texts + 1, plot->more, sizeof plot->more);
    for (size_t i = 0; i <= DR_MOST_MORE && (i == 0 || texts[i]) && length + 50 < sizeof name; i++)
        length += (size_t)snprintf(name + length, sizeof name - length, "%s%.45s", i ? ", " : "",
                                   dr_table_name(table, found, texts[i]));
    if (length == 0) /* a year */
        dr_print_text(name, sizeof name, "%.0f:", dr_table_number(table, found, plot->key));
    double number = number_of(plot, found);
    dr_show show = table->columns[plot->columns[0]].show;
    snprintf(out, size, "%s %.40s", name,
             dr_number_shown(digits, show, dr_number_decimals(show, fabs(number)), number));
}

/* What a picture shows, for those who do not see it. */
static void write_words(char *out, size_t size, const dr_plot *plot)
{
    char highest[240], lowest[240];
    write_extreme(highest, sizeof highest, plot, 1);
    write_extreme(lowest, sizeof lowest, plot, -1);
    snprintf(out, size, "%s: %s. Highest: %s; lowest: %s.", plot->table->title, plot->what, highest, lowest);
}

dr_status cli_brief_picture(dr_brief *brief, const dr_table *table, const dr_world *world)
{
    enum { MOST_BARS = 10 };
    cli_picture picture;
    char words[1024];
    if (table->rows == 0 || !cli_find_picture(&picture, table))
        return DR_OK;
    const char **places = cli_places(table, picture.plot.key, world);
    if (!places)
        return dr_fail_memory();
    picture.plot.most = MOST_BARS;
    picture.plot.places = picture.plot.more[0] ? NULL : places;
    write_words(words, sizeof words, &picture.plot);
    dr_status status = dr_brief_plot(brief, &picture.plot, words);
    free(places);
    return status;
}

dr_status cli_brief_map(dr_brief *brief, const dr_table *table, const dr_world *world)
{
    int welfare = dr_table_find(table, "welfare"), region = dr_table_find(table, "region");
    char words[1024];
    if (welfare < 0 || region < 0)
        return DR_OK;
    const char **places = cli_places(table, (size_t)region, world);
    if (!places)
        return dr_fail_memory();
    const dr_map map = {.table = table,
                        .what = "change of real income",
                        .key = (size_t)region,
                        .column = (size_t)welfare,
                        .places = places};
    const dr_plot plot = {.table = table, .what = "map of the change of real income", .columns = {map.column}};
    write_words(words, sizeof words, &plot);
    dr_status status = dr_brief_map(brief, &map, words);
    free(places);
    return status;
}
