#include "report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/print.h"
#include "report/sheet.h"

enum { LINES_HEIGHT = 540, MARGINS_HEIGHT = 150, BAR_HEIGHT = 15, MOST_BARS = 20, MOST_YEARS = 18, KEY_LENGTH = 44 };

/* Colours of the series in order, which people with colour vision deficiency can distinguish (Okabe & Ito 2008). */
static const char *const colours[DR_MOST_SERIES] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"};

/* A picture that is being drawn. */
typedef struct sketch {
    const dr_plot *plot;
    dr_sheet sheet;
    size_t *rows, row_count; /* of the table, in the order in which they are drawn */
    double scale;            /* of the numbers of the table */
    char unit[DR_MONEY_SIZE];
} sketch;

/* ---- Rows and units ---------------------------------------------------------------------------------------------- */

static double number_at(const sketch *s, size_t series, size_t row)
{
    return s->scale * dr_table_number(s->plot->table, row, s->plot->columns[series]);
}

/* Shares are drawn in percent, large numbers of thousands in millions, and so on. */
static void choose_unit(sketch *s)
{
    const dr_plot *p = s->plot;
    double largest = 0;
    s->scale = 1;
    snprintf(s->unit, sizeof s->unit, "%.200s", p->table->unit ? p->table->unit : "");
    for (size_t i = 0; i < s->row_count; i++)
        for (size_t k = 0; k < p->series; k++)
            largest = fmax(largest, fabs(number_at(s, k, s->rows[i])));
    dr_show show = p->table->columns[p->columns[0]].show;
    if (show == DR_SHOW_SHARE || show == DR_SHOW_PERCENT) {
        s->scale = show == DR_SHOW_SHARE ? 100 : 1;
        strcpy(s->unit, "percent");
    } else
        s->scale = dr_money_shorten(s->unit, largest, 1e4);
}

/* qsort has no place for the table. */
typedef struct rank {
    size_t row;
    double size;
} rank;

static int larger_first(const void *a, const void *b)
{
    const rank *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static dr_status choose_rows(sketch *s)
{
    const dr_plot *p = s->plot;
    rank *ranks = dr_new(p->rows, sizeof *ranks);
    s->rows = dr_new(p->rows, sizeof *s->rows);
    if (!ranks || !s->rows) {
        free(ranks);
        return dr_fail_memory();
    }
    for (size_t i = 0; i < p->rows; i++) {
        double number = dr_table_number(p->table, i, p->columns[0]);
        ranks[i] = (rank){i, isnan(number) ? -1 : fabs(number)};
    }
    if (p->ranked)
        qsort(ranks, p->rows, sizeof *ranks, larger_first);
    s->row_count = p->ranked && p->rows > MOST_BARS ? MOST_BARS : p->rows;
    for (size_t i = 0; i < s->row_count; i++)
        s->rows[i] = ranks[i].row;
    free(ranks);
    return DR_OK;
}

/* ---- The script ------------------------------------------------------------------------------------------------- */

static size_t height_of(const sketch *s)
{
    return s->plot->kind != DR_PLOT_BARS ? LINES_HEIGHT
                                         : MARGINS_HEIGHT + BAR_HEIGHT * s->row_count * (1 + s->plot->series);
}

/* Up to two series are named in a line above the picture, more of them in a list beside it. */
static void put_series(const sketch *s, double height)
{
    FILE *script = s->sheet.script;
    bool list = s->plot->series > 2;
    for (size_t k = 0; k < s->plot->series; k++)
        fprintf(script, "set style line %zu lc rgb '%s' lw 2.5 pt 7 ps 0.5\n", k + 1, colours[k]);
    fprintf(script, "set rmargin at screen %s\n", list ? "0.84" : "0.97");
    if (s->plot->series == 1)
        fputs("unset key\n", script);
    else
        dr_print(script, "set key at screen %s, screen %.4f %s top %s Left reverse width 1 samplen 1.5%s\n",
                 list ? "0.855" : "0.97", 1 - (list ? 84 : 40) / height, list ? "left" : "right",
                 list ? "vertical" : "horizontal", list ? " spacing 1.4" : "");
}

static void put_frame(sketch *s)
{
    char text[512];
    double height = (double)height_of(s);
    snprintf(text, sizeof text, "%.200s%s%.250s", s->plot->what, *s->unit ? ", " : "", s->unit);
    dr_sheet_frame(&s->sheet, s->plot->table, text, height);
    fputs("set tics nomirror scale 0 textcolor rgb '#333333'\n", s->sheet.script);
    dr_print(s->sheet.script, "set tmargin at screen %.4f\nset bmargin at screen %.4f\n", 1 - 84 / height, 66 / height);
    put_series(s, height);
}

/* gnuplot draws a bar for what is not a number, to the edge of the picture; one that is missing has none. A line
 * breaks at what is not a number, and would go on over what is missing. */
static void put_number(const sketch *s, double number)
{
    if (isnan(number) && s->plot->kind == DR_PLOT_BARS)
        fputs(" ?", s->sheet.script);
    else
        dr_print(s->sheet.script, " %.9g", number);
}

static void put_numbers(const sketch *s)
{
    fputs("$numbers << EOD\n", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++) {
        double year = dr_table_number(s->plot->table, s->rows[i], s->plot->key);
        dr_print(s->sheet.script, "%g", s->plot->kind != DR_PLOT_BARS ? year : (double)i);
        for (size_t k = 0; k < s->plot->series; k++)
            put_number(s, number_at(s, k, s->rows[i]));
        if (s->plot->kind == DR_PLOT_POINTS)
            dr_print(s->sheet.script, " %.9g %.9g",
                     s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->low),
                     s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->high));
        fputc('\n', s->sheet.script);
    }
    fputs("EOD\n", s->sheet.script);
}

static bool whole_keys(const sketch *s)
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
static void put_years(const sketch *s)
{
    const dr_table *table = s->plot->table;
    double first = dr_table_number(table, s->rows[0], s->plot->key);
    double last = dr_table_number(table, s->rows[s->row_count - 1], s->plot->key);
    fputs("set border 1 lc rgb '#999999'\nset grid ytics lt 1 lw 0.7 lc rgb '#dddddd'\nset xzeroaxis lt 1 lw 1 lc rgb "
          "'#666666'\n"
          "set lmargin at screen 0.085\nset format y '%g'\n",
          s->sheet.script);
    double beside = whole_keys(s) ? 0.5 : 0.03 * (last - first);
    dr_print(s->sheet.script, "set xrange [%g:%g]\n", first - beside, last + beside);
    if (whole_keys(s))
        dr_print(s->sheet.script, "set xtics %g, %g\n", floor(first), ceil((last - first + 1) / MOST_YEARS));
    put_numbers(s);
}

static void put_lines(const sketch *s)
{
    put_years(s);
    for (size_t k = 0; k < s->plot->series; k++) {
        fprintf(s->sheet.script, "%s $numbers using 1:%zu with linespoints ls %zu title ", k ? "," : "plot", k + 2,
                k + 1);
        dr_sheet_text(&s->sheet, s->plot->labels[k]);
    }
    fputc('\n', s->sheet.script);
}

/* One tick a point where there are few. */
static void put_points(const sketch *s)
{
    put_years(s);
    if (s->row_count <= MOST_YEARS) {
        fputs("set xtics (", s->sheet.script);
        for (size_t i = 0; i < s->row_count; i++)
            dr_print(s->sheet.script, "%s%g", i ? ", " : "", dr_table_number(s->plot->table, s->rows[i], s->plot->key));
        fputs(")\n", s->sheet.script);
    }
    fputs("plot $numbers using 1:2:3:4 with yerrorbars ls 1 ps 1\n", s->sheet.script);
}

/* The bytes of a text up to where a line may end: before a space, after a plus. */
static size_t word_bytes(const char *text)
{
    size_t length = strcspn(text, " +");
    return length + (text[length] == '+');
}

/* Those that go on a line: up to the last such place that fits, or a longer word as it is. */
static size_t key_line(const char *text)
{
    size_t length = word_bytes(text), next = length;
    while (text[next] && next <= KEY_LENGTH) {
        length = next;
        next += (text[next] == ' ') + word_bytes(text + next + (text[next] == ' '));
    }
    return next <= KEY_LENGTH ? next : length;
}

/* The text beside a bar, on as many lines as it takes; returns the length of the longest. */
static size_t put_key(const sketch *s, const char *text)
{
    size_t longest = 0;
    do {
        size_t length = key_line(text);
        longest = length > longest ? length : longest;
        dr_sheet_quoted(&s->sheet, text, length, true); /* a key is also a format */
        text += length + (text[length] == ' ');
        fputs(*text ? ".\"\\n\"." : "", s->sheet.script);
    } while (*text);
    return longest;
}

/* Texts beside the bars, and as wide a margin as the longest needs. */
static void put_keys(const sketch *s)
{
    size_t longest = 0;
    char key[512];
    fputs("set ytics (", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++) {
        fputs(i ? ", " : "", s->sheet.script);
        snprintf(key, sizeof key, "%s%s%s", dr_table_text(s->plot->table, s->rows[i], s->plot->key),
                 s->plot->key_more ? " " : "",
                 s->plot->key_more ? dr_table_text(s->plot->table, s->rows[i], s->plot->key_more) : "");
        size_t length = put_key(s, key);
        longest = length > longest ? length : longest;
        fprintf(s->sheet.script, " %zu", i);
    }
    dr_print(s->sheet.script, ")\nset lmargin at screen %.4f\n", 0.045 + 0.0092 * (double)longest);
}

static void put_bars(const sketch *s)
{
    const double thickness = 0.8 / (double)s->plot->series;
    fputs("set border 0\nset grid xtics lt 1 lw 0.7 lc rgb '#dddddd'\nset yzeroaxis lt 1 lw 1 lc rgb '#666666'\n"
          "set style fill solid 1 noborder\nset format x '%g'\nset datafile missing '?'\n",
          s->sheet.script);
    fprintf(s->sheet.script, "set yrange [%zu.5:-0.5]\n", s->row_count - 1);
    put_keys(s);
    put_numbers(s);
    for (size_t k = 0; k < s->plot->series; k++) {
        double top = -0.4 + thickness * (double)k;
        dr_print(s->sheet.script, "%s $numbers using (0):1:(0):%zu:($1%+.4f):($1%+.4f) with boxxyerror ls %zu title ",
                 k ? "," : "plot", k + 2, top, top + thickness, k + 1);
        dr_sheet_text(&s->sheet, s->plot->labels[k]);
    }
    fputc('\n', s->sheet.script);
}

/* Whether a row begins another curve. */
static bool begins_curve(const sketch *s, size_t row)
{
    const dr_table *table = s->plot->table;
    return row == 0 ||
           strcmp(dr_table_text(table, row, s->plot->key), dr_table_text(table, row - 1, s->plot->key)) != 0;
}

/* Rows of one text are together; two lines between curves, so that gnuplot has each by number. */
static void put_curve_numbers(const sketch *s)
{
    fputs("$numbers << EOD\n", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++)
        dr_print(s->sheet.script, "%s%.9g %.9g\n", i > 0 && begins_curve(s, i) ? "\n\n" : "", number_at(s, 0, i),
                 number_at(s, 1, i));
    fputs("EOD\n", s->sheet.script);
}

static void put_axis(const sketch *s, const char *axis, const char *label)
{
    fprintf(s->sheet.script, "set %slabel ", axis);
    dr_sheet_text(&s->sheet, label);
    fputs(" textcolor rgb '#333333'\n", s->sheet.script);
}

static void put_curves(const sketch *s)
{
    fputs("set border 3 lc rgb '#999999'\nset grid lt 1 lw 0.7 lc rgb '#dddddd'\nset lmargin at screen 0.085\n"
          "set bmargin at screen 0.2\nset format x '%g'\nset format y '%g'\n",
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

dr_status dr_plot_write(const dr_plot *plot, const char *path)
{
    static void (*const draw[])(const sketch *) = {[DR_PLOT_LINES] = put_lines,
                                                   [DR_PLOT_BARS] = put_bars,
                                                   [DR_PLOT_POINTS] = put_points,
                                                   [DR_PLOT_CURVES] = put_curves};
    sketch s = {.plot = plot};
    DR_TRY(dr_sheet_check(path));
    if (plot->rows == 0)
        return dr_fail(DR_BAD_INPUT, "%s: there is nothing to draw: the table has no rows", path);
    dr_status status = dr_sheet_open(&s.sheet, path);
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
