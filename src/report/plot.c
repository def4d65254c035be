#include "report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "report/sketch.h"

enum { LINES_HEIGHT = 540, MARGINS_HEIGHT = 156, BAR_HEIGHT = 17, MOST_BARS = 20, MOST_GROUPS = 8, MOST_YEARS = 18 };

/* Colours of the series in order, which people with colour vision deficiency can distinguish (Okabe & Ito 2008). */
static const char *const colours[DR_MOST_SERIES] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"};

/* ---- Rows and units ---------------------------------------------------------------------------------------------- */

double dr_sketch_number(const dr_sketch *s, size_t series, size_t row)
{
    const dr_plot *p = s->plot;
    double less = p->less && series == 0 ? dr_table_number(p->table, row, p->less) : 0;
    return s->scale * (dr_table_number(p->table, row, p->columns[series]) - less);
}

/* "percent", with the currency of sums beside the numbers. */
static void name_percent(dr_sketch *s)
{
    const char *currency = NULL, *unit = dr_table_fact_text(s->plot->table, "unit");
    dr_money_power(unit, &currency);
    strcpy(s->unit, "percent");
    if (s->plot->money && *currency)
        snprintf(s->unit, sizeof s->unit, "percent (and %.*s)", (int)strcspn(currency, ","), currency);
}

/* Shares are drawn in percent, large numbers of thousands in millions, and so on. */
static void choose_unit(dr_sketch *s)
{
    const dr_plot *p = s->plot;
    double largest = 0;
    s->scale = 1;
    snprintf(s->unit, sizeof s->unit, "%.200s", p->unit ? p->unit : p->table->unit);
    for (size_t i = 0; i < s->row_count; i++)
        for (size_t k = 0; k < p->series; k++)
            largest = fmax(largest, fabs(dr_sketch_number(s, k, s->rows[i])));
    dr_show show = p->table->columns[p->columns[0]].show;
    if (show == DR_SHOW_SHARE || show == DR_SHOW_PERCENT) {
        s->scale = show == DR_SHOW_SHARE ? 100 : 1;
        name_percent(s);
    } else
        s->scale = dr_money_shorten(s->unit, largest, 1e4);
}

/* qsort has no place for the table. */
typedef struct rank {
    size_t row;
    bool group;
    double number;
} rank;

static int by_row(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Groups after single items, then by size. */
static int larger_first(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    double size_x = isnan(x->number) ? -1 : fabs(x->number), size_y = isnan(y->number) ? -1 : fabs(y->number);
    if (x->group != y->group)
        return x->group ? 1 : -1;
    if (size_x != size_y)
        return size_x > size_y ? -1 : 1;
    return by_row(x->row, y->row);
}

/* Groups after single items, then gains before losses, and what is missing last. */
static int higher_first(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    double number_x = isnan(x->number) ? -INFINITY : x->number, number_y = isnan(y->number) ? -INFINITY : y->number;
    if (x->group != y->group)
        return x->group ? 1 : -1;
    if (number_x != number_y)
        return number_x > number_y ? -1 : 1;
    return by_row(x->row, y->row);
}

/* Of `count` ranks the largest `most` single items and MOST_GROUPS groups, from the highest down. Returns how
 * many. */
static size_t choose_largest(rank *ranks, size_t count, size_t most)
{
    size_t kept = 0, of_kind[2] = {0};
    qsort(ranks, count, sizeof *ranks, larger_first);
    for (size_t i = 0; i < count; i++)
        if (of_kind[ranks[i].group]++ < (ranks[i].group ? MOST_GROUPS : most))
            ranks[kept++] = ranks[i];
    qsort(ranks, kept, sizeof *ranks, higher_first);
    return kept;
}

/* Bars leave totals out, which would dwarf what they sum up, and trade of a region with itself where that is wanted. */
static bool is_left_out(const dr_plot *p, size_t row)
{
    const dr_table *table = p->table;
    if (p->foreign && strcmp(dr_table_text(table, row, p->key), dr_table_text(table, row, p->more[0])) == 0)
        return true;
    return p->kind == DR_PLOT_BARS && dr_table_row_kind(table, row) == DR_ROW_TOTAL;
}

static dr_status choose_rows(dr_sketch *s)
{
    const dr_plot *p = s->plot;
    size_t rows = p->rows ? p->rows : p->table->rows, count = 0;
    rank *ranks = dr_new(rows + 1, sizeof *ranks);
    s->rows = dr_new(rows + 1, sizeof *s->rows);
    if (!ranks || !s->rows) {
        free(ranks);
        return dr_fail_memory();
    }
    for (size_t i = 0; i < rows; i++)
        if (!is_left_out(p, i))
            ranks[count++] = (rank){i, dr_table_row_kind(p->table, i) == DR_ROW_GROUP, dr_sketch_number(s, 0, i)};
    s->row_count =
        p->ranked && p->kind == DR_PLOT_BARS ? choose_largest(ranks, count, p->most ? p->most : MOST_BARS) : count;
    for (size_t i = 0; i < s->row_count; i++)
        s->rows[i] = ranks[i].row;
    free(ranks);
    return s->row_count > 0 ? DR_OK
                            : dr_fail(DR_BAD_INPUT, "%s%sthere is nothing to draw: the table has no rows",
                                      s->sheet.to.path ? s->sheet.to.path : "", s->sheet.to.path ? ": " : "");
}

/* ---- The script ------------------------------------------------------------------------------------------------- */

static size_t height_of(const dr_sketch *s)
{
    return s->plot->kind != DR_PLOT_BARS ? LINES_HEIGHT
                                         : MARGINS_HEIGHT + BAR_HEIGHT * s->row_count * (1 + s->plot->series) +
                                               (dr_sketch_first_group(s) < s->row_count ? 2 * BAR_HEIGHT : 0);
}

/* Up to two series are named in a line above the picture, more of them in a list beside it. */
static void put_series(const dr_sketch *s, double height)
{
    FILE *script = s->sheet.script;
    bool list = s->plot->series > 2;
    for (size_t k = 0; k < s->plot->series; k++)
        fprintf(script, "set style line %zu lc rgb '%s' lw 2.5 pt 7 ps 0.5\n", k + 1, colours[k]);
    fprintf(script, "set rmargin at screen %s\n", list ? "0.80" : "0.97");
    if (s->plot->series == 1)
        fputs("unset key\n", script);
    else
        dr_print(script, "set key at screen %s, screen %.4f %s top %s Left reverse width 1 samplen 1.5%s\n",
                 list ? "0.815" : "0.97", 1 - (list ? 84 : 40) / height, list ? "left" : "right",
                 list ? "vertical" : "horizontal", list ? " spacing 1.4" : "");
}

static void put_frame(dr_sketch *s)
{
    char text[512];
    double height = (double)height_of(s);
    const char *one = s->plot->kind == DR_PLOT_BARS && s->plot->series == 1 ? s->plot->labels[0] : "";
    snprintf(text, sizeof text, "%.150s%s%.60s%s%.250s", s->plot->what, *one ? ": " : "", one, *s->unit ? ", " : "",
             s->unit);
    dr_sheet_frame(&s->sheet, s->plot->table, text, height);
    fputs("set tics nomirror scale 0 textcolor rgb '#333333'\n", s->sheet.script);
    dr_print(s->sheet.script, "set tmargin at screen %.4f\nset bmargin at screen %.4f\n", 1 - 84 / height, 72 / height);
    put_series(s, height);
}

/* A line breaks at what is not a number, and would go on over what is missing. */
static void put_numbers(const dr_sketch *s)
{
    fputs("$numbers << EOD\n", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++) {
        dr_print(s->sheet.script, "%g", dr_table_number(s->plot->table, s->rows[i], s->plot->key));
        for (size_t k = 0; k < s->plot->series; k++)
            dr_print(s->sheet.script, " %.9g", dr_sketch_number(s, k, s->rows[i]));
        if (s->plot->kind == DR_PLOT_POINTS)
            dr_print(s->sheet.script, " %.9g %.9g",
                     s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->low),
                     s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->high));
        fputc('\n', s->sheet.script);
    }
    fputs("EOD\n", s->sheet.script);
}

static bool whole_keys(const dr_sketch *s)
{
    for (size_t i = 0; i < s->row_count; i++) {
        double key = dr_table_number(s->plot->table, s->rows[i], s->plot->key);
        if (key != floor(key))
            return false;
    }
    return true;
}

/* The axes of a picture over years or other whole numbers, each with its tick where there is room; or over any
 * numbers. */
static void put_years(const dr_sketch *s)
{
    const dr_table *table = s->plot->table;
    double first = dr_table_number(table, s->rows[0], s->plot->key);
    double last = dr_table_number(table, s->rows[s->row_count - 1], s->plot->key);
    fputs("set border 1 lc rgb '#999999'\nset grid ytics lt 1 lw 0.7 lc rgb '#dddddd'\nset xzeroaxis lt 1 lw 1 lc rgb "
          "'#666666'\n"
          "set lmargin at screen 0.085\nset format y '%.10g'\n",
          s->sheet.script);
    double beside = whole_keys(s) ? 0.5 : 0.03 * (last - first);
    dr_print(s->sheet.script, "set xrange [%g:%g]\n", first - beside, last + beside);
    if (whole_keys(s))
        dr_print(s->sheet.script, "set xtics %g, %g\n", floor(first), ceil((last - first + 1) / MOST_YEARS));
    put_numbers(s);
}

/* One tick a point. */
static void put_ticks(const dr_sketch *s)
{
    fputs("set xtics (", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++)
        dr_print(s->sheet.script, "%s%g", i ? ", " : "", dr_table_number(s->plot->table, s->rows[i], s->plot->key));
    fputs(")\n", s->sheet.script);
}

/* Whether there are more than one from a point to the next, as between values of a sweep. */
static bool has_gaps(const dr_sketch *s)
{
    double first = dr_table_number(s->plot->table, s->rows[0], s->plot->key);
    double last = dr_table_number(s->plot->table, s->rows[s->row_count - 1], s->plot->key);
    return last - first + 1 != (double)s->row_count;
}

static void put_lines(const dr_sketch *s)
{
    put_years(s);
    if (s->row_count <= MOST_YEARS && has_gaps(s))
        put_ticks(s);
    for (size_t k = 0; k < s->plot->series; k++) {
        fprintf(s->sheet.script, "%s $numbers using 1:%zu with linespoints ls %zu title ", k ? "," : "plot", k + 2,
                k + 1);
        dr_sheet_text(&s->sheet, s->plot->labels[k]);
    }
    fputc('\n', s->sheet.script);
}

/* One tick a point where there are few. */
static void put_points(const dr_sketch *s)
{
    put_years(s);
    if (s->row_count <= MOST_YEARS)
        put_ticks(s);
    fputs("plot $numbers using 1:2:3:4 with yerrorbars ls 1 ps 1\n", s->sheet.script);
}

/* Whether a row begins another curve. */
static bool begins_curve(const dr_sketch *s, size_t row)
{
    const dr_table *table = s->plot->table;
    return row == 0 ||
           strcmp(dr_table_text(table, row, s->plot->key), dr_table_text(table, row - 1, s->plot->key)) != 0;
}

/* Rows of one text are together; two lines between curves, so that gnuplot has each by number. */
static void put_curve_numbers(const dr_sketch *s)
{
    fputs("$numbers << EOD\n", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++)
        dr_print(s->sheet.script, "%s%.9g %.9g\n", i > 0 && begins_curve(s, i) ? "\n\n" : "", dr_sketch_number(s, 0, i),
                 dr_sketch_number(s, 1, i));
    fputs("EOD\n", s->sheet.script);
}

static void put_axis(const dr_sketch *s, const char *axis, const char *label)
{
    fprintf(s->sheet.script, "set %slabel ", axis);
    dr_sheet_text(&s->sheet, label);
    fputs(" textcolor rgb '#333333'\n", s->sheet.script);
}

static void put_curves(const dr_sketch *s)
{
    fputs("set border 3 lc rgb '#999999'\nset grid lt 1 lw 0.7 lc rgb '#dddddd'\nset lmargin at screen 0.085\n"
          "set bmargin at screen 0.2\nset format x '%.10g'\nset format y '%.10g'\n",
          s->sheet.script);
    put_axis(s, "x", s->plot->labels[0]);
    put_axis(s, "y", s->plot->labels[1]);
    put_curve_numbers(s);
    for (size_t i = 0, curve = 0; i < s->row_count; i++) {
        if (!begins_curve(s, i))
            continue;
        bool alone = i + 1 == s->row_count || begins_curve(s, i + 1);
        fprintf(s->sheet.script, "%s $numbers index %zu using 1:2 with %s lc rgb '%s' title ", curve ? "," : "plot",
                curve, alone ? "points pt 7 ps 1.6" : "lines lw 2.5",
                alone ? "#333333" : colours[curve % DR_MOST_SERIES]);
        dr_sheet_text(&s->sheet, dr_table_text(s->plot->table, i, s->plot->key));
        curve++;
    }
    fputc('\n', s->sheet.script);
}

dr_status dr_plot_draw(const dr_plot *plot, dr_sheet_to to)
{
    static void (*const draw[])(const dr_sketch *) = {[DR_PLOT_LINES] = put_lines,
                                                      [DR_PLOT_BARS] = dr_sketch_bars,
                                                      [DR_PLOT_POINTS] = put_points,
                                                      [DR_PLOT_CURVES] = put_curves};
    dr_sketch s = {.plot = plot, .scale = 1};
    dr_status status = dr_sheet_open(&s.sheet, to);
    if (status == DR_OK)
        status = choose_rows(&s);
    if (status == DR_OK) {
        choose_unit(&s);
        put_frame(&s);
        draw[plot->kind](&s);
        status = dr_sheet_draw(&s.sheet);
    }
    free(s.rows);
    dr_sheet_close(&s.sheet);
    return status;
}

dr_status dr_plot_write(const dr_plot *plot, const char *path)
{
    DR_TRY(dr_sheet_check(path));
    return dr_plot_draw(plot, (dr_sheet_to){.path = path});
}
