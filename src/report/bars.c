/* Bars beside names. */
#include <math.h>
#include <string.h>

#include "base/print.h"
#include "report/number.h"
#include "report/sketch.h"

enum { KEY_LENGTH = 44, LABEL_SIZE = 96 };

/* Of letters on average, in parts of the width of the sheet. */
static const double KEY_LETTER = 0.0092, LABEL_LETTER = 0.0072, RIGHT_MARGIN = 0.03;

/* Between single items and groups, in rows. */
static const double GAP = 0.7;

/* ---- Names ------------------------------------------------------------------------------------------------------- */

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
static size_t put_key(const dr_sketch *s, const char *text)
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

/* What stands between two texts of a name. */
static const char *between(const dr_sketch *s, size_t column)
{
    return strcmp(s->plot->table->columns[column].name, "exporter") == 0 ? " to " : ", ";
}

/* The name of a row and, for a region that stands for several countries, their number. */
static void write_key(char *out, size_t size, const dr_sketch *s, size_t row)
{
    const dr_plot *p = s->plot;
    size_t countries = 1, column = p->key,
           length = (size_t)snprintf(out, size, "%.200s", dr_table_name(p->table, row, column));
    for (size_t i = 0; i < DR_MOST_MORE && p->more[i]; column = p->more[i++])
        length += (size_t)snprintf(out + length, size - length, "%s%.200s", between(s, column),
                                   dr_table_name(p->table, row, p->more[i]));
    for (const char *at = p->places ? p->places[row] : ""; (at = strchr(at, '|')); at++)
        countries++;
    if (countries > 1)
        snprintf(out + length, size - length, " (%zu countries)", countries);
}

size_t dr_sketch_first_group(const dr_sketch *s)
{
    size_t first = 0;
    while (first < s->row_count && dr_table_row_kind(s->plot->table, s->rows[first]) != DR_ROW_GROUP)
        first++;
    return first > 0 ? first : s->row_count;
}

/* Where a row is, from the top. */
static double place_of(const dr_sketch *s, size_t i)
{
    return (double)i + (i >= dr_sketch_first_group(s) ? GAP : 0);
}

/* Names beside the bars, and as wide a margin as the longest needs. Returns the margin. */
static double put_keys(const dr_sketch *s)
{
    size_t longest = 0;
    char key[1024];
    fputs("set ytics (", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++) {
        fputs(i ? ", " : "", s->sheet.script);
        write_key(key, sizeof key, s, s->rows[i]);
        size_t length = put_key(s, key);
        longest = length > longest ? length : longest;
        dr_print(s->sheet.script, " %g", place_of(s, i));
    }
    double margin = 0.045 + KEY_LETTER * (double)longest;
    dr_print(s->sheet.script, ")\nset lmargin at screen %.4f\n", margin);
    return margin;
}

/* ---- Numbers at the ends of bars --------------------------------------------------------------------------------- */

static double largest_of(const dr_sketch *s)
{
    double largest = 0;
    for (size_t i = 0; i < s->row_count; i++)
        largest = fmax(largest, fabs(dr_sketch_number(s, 0, s->rows[i])));
    return largest;
}

/* A sum of money with its sign, and without the currency, which the line above the picture has: "-3.204 billion". */
static void write_money(char *out, size_t size, double value, const char *unit)
{
    char power[16], money[DR_MONEY_SIZE];
    const char *currency = NULL;
    dr_money_power(unit, &currency);
    snprintf(power, sizeof power, "%.*s", (int)(currency - unit), unit);
    dr_money(money, value, power);
    size_t length = strlen(money);
    while (length > 0 && money[length - 1] == ' ')
        length--;
    snprintf(out, size, "%s%.*s", value < 0 ? "-" : "", (int)length, money);
}

/* "-0.12%" or, with money, "-0.12% (-3.204 billion)"; "" for what is missing. */
static void write_label(char out[LABEL_SIZE], const dr_sketch *s, size_t row)
{
    const dr_plot *p = s->plot;
    char digits[DR_NUMBER_SIZE], money[LABEL_SIZE - 8];
    dr_show show = p->table->columns[p->columns[0]].show;
    double number = dr_sketch_number(s, 0, row) / (show == DR_SHOW_SHARE ? s->scale : 1);
    if (show != DR_SHOW_PERCENT && show != DR_SHOW_SHARE) {
        show = DR_SHOW_VALUE;
    }
    dr_number_shown(digits, show, dr_number_decimals(show, largest_of(s)), number);
    snprintf(out, LABEL_SIZE, "%.60s", digits);
    double sum = p->money ? dr_table_number(p->table, row, p->money) : NAN;
    if (isnan(sum) || isnan(number))
        return;
    write_money(money, sizeof money, sum, dr_table_fact_text(p->table, "unit"));
    snprintf(out, LABEL_SIZE, "%.20s (%.60s)", digits, money);
}

/* The end of the bar or, if it reaches further from zero, of the interval, where the number stands. */
static double end_of(const dr_sketch *s, size_t row)
{
    const dr_plot *p = s->plot;
    double number = dr_sketch_number(s, 0, row);
    double bound = p->low ? s->scale * dr_table_number(p->table, row, number < 0 ? p->low : p->high) : NAN;
    return number < 0 ? fmin(number, bound) : fmax(number, bound);
}

/* The other end of the interval, or zero. */
static double begin_of(const dr_sketch *s, size_t row)
{
    const dr_plot *p = s->plot;
    bool below = dr_sketch_number(s, 0, row) < 0;
    return p->low ? s->scale * dr_table_number(p->table, row, below ? p->high : p->low) : 0;
}

/* The length of the longest number on one side of zero. */
static size_t longest_label(const dr_sketch *s, bool below)
{
    size_t longest = 0;
    char label[LABEL_SIZE];
    for (size_t i = 0; i < s->row_count; i++) {
        if ((dr_sketch_number(s, 0, s->rows[i]) < 0) != below)
            continue;
        write_label(label, s, s->rows[i]);
        longest = strlen(label) > longest ? strlen(label) : longest;
    }
    return longest;
}

/* The range that leaves room for the numbers: with `a` and `b` the parts of the width that they need on the left and on
 * the right, the bars themselves have what is left of it. */
static void put_range(const dr_sketch *s, double left_margin)
{
    double least = 0, most = 0, width = 1 - RIGHT_MARGIN - left_margin;
    for (size_t i = 0; i < s->row_count; i++) {
        double begin = begin_of(s, s->rows[i]), end = end_of(s, s->rows[i]);
        least = fmin(least, fmin(begin, end));
        most = fmax(most, fmax(begin, end));
    }
    double a = least < 0 ? LABEL_LETTER * (double)(longest_label(s, true) + 1) / width : 0,
           b = LABEL_LETTER * (double)(longest_label(s, false) + 1) / width;
    if (!(most > least) || !isfinite(most - least) || a + b > 0.6)
        return;
    double all = (most - least) / (1 - a - b);
    dr_print(s->sheet.script, "set xrange [%.9g:%.9g]\n", least - a * all, most + b * all);
}

static void put_labels(const dr_sketch *s)
{
    char label[LABEL_SIZE];
    for (int below = 0; below < 2; below++) {
        fprintf(s->sheet.script, "$labels%d << EOD\n0 0 \"\"\n", below);
        for (size_t i = 0; i < s->row_count; i++) {
            double number = dr_sketch_number(s, 0, s->rows[i]);
            if (isnan(number) || (number < 0) != below)
                continue;
            write_label(label, s, s->rows[i]);
            dr_print(s->sheet.script, "%.9g %g \"%s\"\n", end_of(s, s->rows[i]), place_of(s, i), label);
        }
        fputs("EOD\n", s->sheet.script);
    }
}

static void put_intervals(const dr_sketch *s)
{
    fputs("$intervals << EOD\n", s->sheet.script);
    for (size_t i = 0; i < s->row_count; i++) {
        double low = s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->low),
               high = s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->high);
        if (!isnan(low) && !isnan(high))
            dr_print(s->sheet.script, "%.9g %g %.9g\n", low, place_of(s, i), high - low);
    }
    fputs("EOD\n", s->sheet.script);
}

/* ---- Bars -------------------------------------------------------------------------------------------------------- */

/* gnuplot draws a bar for what is not a number, to the edge of the picture; one that is missing has none. */
static void put_numbers(const dr_sketch *s, const char *name, size_t from, size_t to)
{
    fprintf(s->sheet.script, "$%s << EOD\n", name);
    for (size_t i = from; i < to; i++) {
        dr_print(s->sheet.script, "%g", place_of(s, i));
        for (size_t k = 0; k < s->plot->series; k++) {
            double number = dr_sketch_number(s, k, s->rows[i]);
            if (isnan(number))
                fputs(" ?", s->sheet.script);
            else
                dr_print(s->sheet.script, " %.9g", number);
        }
        fputc('\n', s->sheet.script);
    }
    fputs("EOD\n", s->sheet.script);
}

static void put_boxes(const dr_sketch *s, const char *name, const char *colour)
{
    const double thickness = 0.8 / (double)s->plot->series;
    for (size_t k = 0; k < s->plot->series; k++) {
        double top = -0.4 + thickness * (double)k;
        dr_print(s->sheet.script, "%s $%s using (0):1:(0):%zu:($1%+.4f):($1%+.4f) with boxxyerror ls %zu %s title ",
                 k || colour ? "," : "plot", name, k + 2, top, top + thickness, k + 1, colour ? colour : "");
        dr_sheet_text(&s->sheet, colour ? "" : s->plot->labels[k]);
    }
}

void dr_sketch_bars(const dr_sketch *s)
{
    size_t first = dr_sketch_first_group(s);
    bool labels = s->plot->series == 1;
    fputs("set border 0\nset grid xtics lt 1 lw 0.7 lc rgb '#dddddd'\nset yzeroaxis lt 1 lw 1 lc rgb '#666666'\n"
          "set style fill solid 1 noborder\nset format x '%.10g'\nset datafile missing '?'\n",
          s->sheet.script);
    dr_print(s->sheet.script, "set yrange [%g:-0.5]\n", place_of(s, s->row_count - 1) + 0.5);
    double margin = put_keys(s);
    if (labels) {
        put_range(s, margin);
        put_labels(s);
        put_intervals(s);
    }
    put_numbers(s, "numbers", 0, first);
    put_numbers(s, "groups", first, s->row_count);
    put_boxes(s, "numbers", NULL);
    if (first < s->row_count && labels)
        put_boxes(s, "groups", "lc rgb '#8c8c8c'");
    else if (first < s->row_count)
        put_boxes(s, "groups", "");
    if (labels && s->plot->low)
        fputs(", $intervals using 1:2:3:(0) with vectors nohead lw 1.5 lc rgb '#333333' notitle", s->sheet.script);
    if (labels)
        fputs(", $labels0 using 1:2:3 with labels left offset 0.4,0 font ',10' textcolor rgb '#333333' notitle, "
              "$labels1 using 1:2:3 with labels right offset -0.4,0 font ',10' textcolor rgb '#333333' notitle",
              s->sheet.script);
    fputc('\n', s->sheet.script);
}
