#include "report/map.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/print.h"
#include "report/hatch.h"
#include "report/number.h"
#include "report/outlines.h"
#include "report/sheet.h"

/* In pixels, but for what is said to be of the outlines. */
enum {
    OUTLINES_WIDTH = 2800,
    MARGIN = 24,
    TOP = 66,
    BELOW = 98,
    BOX = 56,
    MOST_CLASSES = 8,
    LISTED = 8,
    LISTED_WIDTH = 176,
    LINE = 15,
    HATCHING = 18, /* of the outlines */
    LONGEST_LABEL = 18
};

static const double SCALE = (DR_SHEET_WIDTH - 2.0 * MARGIN) / OUTLINES_WIDTH;

/* Of shares from light to dark, and of changes from losses to gains (Harrower & Brewer 2003: Blues, RdBu). */
static const char *const of_shares[] = {"#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594"};
static const char *const of_changes[MOST_CLASSES] = {"#b2182b", "#d6604d", "#f4a582", "#fddbc7",
                                                     "#d1e5f0", "#92c5de", "#4393c3", "#2166ac"};
static const char of_own[] = "#e69f00", of_nobody[] = "#cfcfcf", small[] = "font ',10' textcolor rgb '#333333'";

typedef struct sketch {
    const dr_map *map;
    dr_sheet sheet;
    dr_outlines outlines;
    size_t rest; /* the row of the rest of the world, else that after the last */
    size_t classes;
    const char *const *colours; /* [class] */
    double limits[MOST_CLASSES + 1];
} sketch;

/* ---- Colours ----------------------------------------------------------------------------------------------------- */

static size_t rows_of(const sketch *s)
{
    return s->map->table->rows;
}

/* NAN where there is no number, and in rows that sum up others. */
static double percent_at(const sketch *s, size_t row)
{
    const dr_table *table = s->map->table;
    if (dr_table_row_kind(table, row) != DR_ROW_ONE)
        return NAN;
    double number = dr_table_number(table, row, s->map->column);
    return table->columns[s->map->column].show == DR_SHOW_SHARE ? 100 * number : number;
}

static bool lists(const char *list, const char *code)
{
    size_t length = strlen(code);
    for (const char *at = list; (at = strstr(at, code)); at += length)
        if ((at == list || at[-1] == '|') && (at[length] == '|' || at[length] == '\0'))
            return true;
    return false;
}

/* Whether a country of the row is on the map. */
static bool is_drawn(const sketch *s, size_t row)
{
    for (size_t i = 0; i < s->outlines.count; i++)
        if (lists(s->map->places[row], s->outlines.all[i].code))
            return true;
    return false;
}

/* The rest of the world: countries that no other region has are its. */
static size_t find_rest(const sketch *s)
{
    static const char *const codes[] = {"ROW", "FIGW1", "WWW"};
    size_t row = 0;
    for (; row < rows_of(s); row++) {
        const char *code = dr_table_text(s->map->table, row, s->map->key);
        bool is_rest = strncasecmp(dr_table_name(s->map->table, row, s->map->key), "rest of the world", 17) == 0;
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            is_rest = is_rest || strcasecmp(code, codes[i]) == 0;
        if (is_rest && !isnan(percent_at(s, row)) && !is_drawn(s, row))
            break;
    }
    return row;
}

/* Number `step` of the steps of 1, 2 and 5. */
static double step_at(long step)
{
    static const double steps[] = {1, 2, 5};
    return steps[(step + 300) % 3] * pow(10, floor((double)step / 3));
}

/* Steps of 1, 2 and 5 down from the first that is not below the largest number; those next to zero begin there. Changes
 * have the same on both sides of it. */
static void choose_limits(sketch *s)
{
    double largest = 0;
    for (size_t i = 0; i < rows_of(s); i++)
        if (is_drawn(s, i) || i == s->rest)
            largest = fmax(largest, fabs(percent_at(s, i)));
    bool changes = s->map->table->columns[s->map->column].show != DR_SHOW_SHARE;
    s->colours = changes ? of_changes : of_shares;
    s->classes = changes ? MOST_CLASSES : sizeof of_shares / sizeof *of_shares;
    size_t zero = changes ? s->classes / 2 : 0;
    long step = -12; /* of 10^-4 */
    while (step < 6 && step_at(step) < largest * (1 - 1e-12))
        step++;
    for (size_t i = 1; zero + i <= s->classes; i++) {
        s->limits[zero + i] = step_at(step - (long)(s->classes - zero - i));
        if (changes)
            s->limits[zero - i] = -s->limits[zero + i];
    }
    s->limits[zero] = 0;
}

static const char *colour_of_row(const sketch *s, size_t row)
{
    size_t class = 0;
    double percent = percent_at(s, row);
    while (class + 1 < s->classes && (percent > s->limits[class + 1] || (percent == 0 && s->limits[class + 1] == 0)))
        class ++;
    return s->colours[class];
}

/* The row that a country belongs to; else that of the rest of the world, which may be none. */
static size_t row_of(const sketch *s, const char *code)
{
    for (size_t row = 0; row < rows_of(s); row++)
        if (lists(s->map->places[row], code) && !isnan(percent_at(s, row)))
            return row;
    for (size_t row = 0; row < rows_of(s); row++)
        if (lists(s->map->places[row], code))
            return rows_of(s); /* no number is known */
    return s->rest;
}

/* ---- The script -------------------------------------------------------------------------------------------------- */

/* Whether a row is hatched: it is of several countries. */
static bool is_hatched(const sketch *s, size_t row)
{
    return row < rows_of(s) && dr_table_row_kind(s->map->table, row) == DR_ROW_ONE && !isnan(percent_at(s, row)) &&
           (row == s->rest || strchr(s->map->places[row], '|'));
}

static bool is_own(const sketch *s, const dr_outline *o)
{
    return s->map->own && lists(s->map->own, o->code);
}

static void put_outline(const sketch *s, const dr_outline *o)
{
    FILE *script = s->sheet.script;
    size_t row = row_of(s, o->code);
    const char *colour = is_own(s, o) ? of_own : row < rows_of(s) ? colour_of_row(s, row) : of_nobody;
    bool hatched = !is_own(s, o) && is_hatched(s, row);
    dr_walk w = dr_walk_start(o->path);
    dr_walk_next(&w);
    if (strcmp(o->kind, "point") == 0) {
        if (colour != of_nobody && row != s->rest)
            fprintf(script,
                    "set object circle at %ld,%ld size 5 fc rgb '%s' fs solid 1 border lc rgb '#888888' lw 0.4\n", w.x,
                    w.y, colour);
        return;
    }
    fprintf(script, "set object polygon from %ld,%ld", w.x, w.y);
    const dr_walk first = w;
    while (dr_walk_next(&w))
        fprintf(script, " to %ld,%ld", w.x, w.y);
    fprintf(script, " to %ld,%ld back fc rgb '%s' fs solid 1 border lc rgb '%s' lw 0.5\n", first.x, first.y,
            hatched ? "#ffffff" : colour, hatched ? colour : "#ffffff");
}

/* The lines over the countries of a row, as data of gnuplot. */
static dr_status put_hatching(const sketch *s, size_t row)
{
    dr_point *points = dr_new(s->outlines.longest + 1, sizeof *points);
    double *crossings = dr_new(s->outlines.longest + 1, sizeof *crossings);
    if (!points || !crossings) {
        free(points);
        free(crossings);
        return dr_fail_memory();
    }
    fprintf(s->sheet.script, "$hatching%zu << EOD\nNaN NaN\n\n", row);
    for (size_t i = 0; i < s->outlines.count; i++) {
        const dr_outline *o = &s->outlines.all[i];
        if (strcmp(o->kind, "point") == 0 || is_own(s, o) || row_of(s, o->code) != row)
            continue;
        size_t count = 0;
        for (dr_walk w = dr_walk_start(o->path); dr_walk_next(&w); count++)
            points[count] = (dr_point){(double)w.x, (double)w.y};
        dr_hatch_write(s->sheet.script, points, count, HATCHING, crossings);
    }
    fputs("EOD\n", s->sheet.script);
    free(points);
    free(crossings);
    return DR_OK;
}

/* Draws what is on the script, and the hatching over it. */
static dr_status put_all(const sketch *s)
{
    for (size_t row = 0; row < rows_of(s); row++)
        if (is_hatched(s, row))
            DR_TRY(put_hatching(s, row));
    fputs("plot NaN notitle", s->sheet.script);
    for (size_t row = 0; row < rows_of(s); row++)
        if (is_hatched(s, row))
            fprintf(s->sheet.script, ", $hatching%zu using 1:2 with lines lw 1 lc rgb '%s' notitle", row,
                    colour_of_row(s, row));
    fputc('\n', s->sheet.script);
    return dr_sheet_draw(&s->sheet);
}

static void put_box(const sketch *s, double x, double y, double width, const char *colour)
{
    double height = s->sheet.height;
    dr_print(s->sheet.script,
             "set object rectangle from screen %.4f, screen %.4f to screen %.4f, screen %.4f fc rgb '%s' fs solid 1 "
             "noborder\n",
             x / DR_SHEET_WIDTH, 1 - (y + 12) / height, (x + width) / DR_SHEET_WIDTH, 1 - y / height, colour);
}

static void label(const sketch *s, const char *text, double x, double y, const char *align)
{
    char look[80];
    snprintf(look, sizeof look, "%s %s", align, small);
    dr_sheet_label(&s->sheet, text, x, y, look);
}

/* Items of a line, such as "XEU (20 countries)": the first `most`, and how many more. */
typedef struct list {
    char text[400];
    size_t count, most;
} list;

static void add_item(list *l, const char *what)
{
    size_t length = strlen(l->text);
    if (l->count++ < l->most)
        snprintf(l->text + length, sizeof l->text - length, "%s%s", length ? ", " : "", what);
}

static void end_list(list *l)
{
    size_t length = strlen(l->text);
    if (l->count > l->most)
        snprintf(l->text + length, sizeof l->text - length, " and %zu more", l->count - l->most);
}

/* The regions that cannot be found on the map, with their numbers, or what else is grey. */
static void put_grey(const sketch *s, double x, double y)
{
    list unplaced = {.most = 2};
    char item[60], number[DR_NUMBER_SIZE];
    for (size_t i = 0; i < rows_of(s); i++) {
        double percent = percent_at(s, i);
        if (isnan(percent) || is_drawn(s, i) || i == s->rest)
            continue;
        snprintf(item, sizeof item, "%.40s %s", dr_table_name(s->map->table, i, s->map->key),
                 dr_number_shown(number, DR_SHOW_PERCENT, 2, percent));
        add_item(&unplaced, item);
    }
    end_list(&unplaced);
    if (!unplaced.count && s->rest < rows_of(s))
        return; /* no country is grey */
    put_box(s, x, y, 20, of_nobody);
    label(s, unplaced.count ? unplaced.text : "no data", x + 26, y + 6, "left");
    if (unplaced.count)
        label(s, "(not on the map)", x + 26, y + 22, "left");
}

static void put_legend(const sketch *s, double y)
{
    char text[32];
    double x = MARGIN;
    for (size_t i = 0; i < s->classes; i++)
        put_box(s, x + BOX * (double)i, y, BOX - 1, s->colours[i]);
    for (size_t i = 0; i <= s->classes; i++) {
        dr_print_text(text, sizeof text, "%g%s", s->limits[i], i ? "" : "%");
        label(s, text, x + BOX * (double)i, y + 22, i ? "center" : "left");
    }
    x += BOX * (double)s->classes + 40;
    if (s->map->own) {
        put_box(s, x, y, 20, of_own);
        label(s, strlen(s->map->own_label) < LONGEST_LABEL ? s->map->own_label : "the economies above", x + 26, y + 6,
              "left");
        x += 160;
    }
    put_grey(s, x, y);
}

/* Which regions are drawn as one though they are many countries; "" if there are none. */
static void write_remark(const sketch *s, char *line, size_t size)
{
    list many = {.most = 5};
    char item[80];
    for (size_t i = 0; i < rows_of(s); i++) {
        size_t countries = 1;
        for (const char *at = s->map->places[i]; (at = strchr(at, '|')); at++)
            countries++;
        snprintf(item, sizeof item, "%.40s (%zu countries)", dr_table_name(s->map->table, i, s->map->key), countries);
        if (i == s->rest)
            add_item(&many, dr_table_name(s->map->table, i, s->map->key));
        else if (countries > 1 && dr_table_row_kind(s->map->table, i) == DR_ROW_ONE)
            add_item(&many, item);
    }
    end_list(&many);
    snprintf(line, size, "%s%s", many.count ? "Hatched, as the data have these as one region: " : "", many.text);
}

/* The largest numbers, in the South Pacific. */
static void put_largest(const sketch *s, double bottom)
{
    bool *done = dr_new(rows_of(s) + 1, sizeof *done);
    size_t known = 0;
    for (size_t i = 0; i < rows_of(s); i++)
        known += isnan(percent_at(s, i)) ? 0 : 1;
    size_t lines = known < LISTED ? known : LISTED;
    for (size_t line = 0; done && line < lines; line++) {
        size_t first = rows_of(s);
        char text[32], number[DR_NUMBER_SIZE];
        for (size_t i = 0; i < rows_of(s); i++)
            if (!done[i] && !isnan(percent_at(s, i)) &&
                (first == rows_of(s) || fabs(percent_at(s, i)) > fabs(percent_at(s, first))))
                first = i;
        double y = bottom - LINE * (double)(lines - line);
        done[first] = true;
        snprintf(text, sizeof text, "%.22s", dr_table_name(s->map->table, first, s->map->key));
        label(s, text, MARGIN, y, "left");
        dr_number_shown(number, DR_SHOW_PERCENT, 2, percent_at(s, first));
        label(s, number, MARGIN + LISTED_WIDTH, y, "right");
    }
    free(done);
}

static dr_status put_map(sketch *s)
{
    FILE *script = s->sheet.script;
    char remark[440];
    write_remark(s, remark, sizeof remark);
    const double map_height = (s->outlines.highest - s->outlines.lowest) * SCALE, below = *remark ? BELOW + 20 : BELOW,
                 height = TOP + map_height + below;
    dr_sheet_frame(&s->sheet, s->map->table, s->map->what, height);
    dr_print(script, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n", MARGIN / (double)DR_SHEET_WIDTH,
             1 - MARGIN / (double)DR_SHEET_WIDTH);
    dr_print(script, "set tmargin at screen %.4f\nset bmargin at screen %.4f\n", 1 - TOP / height, below / height);
    dr_print(script, "set xrange [0:%d]\nset yrange [%g:%g]\nunset border\nunset tics\nunset key\n", OUTLINES_WIDTH,
             s->outlines.lowest, s->outlines.highest);
    for (size_t i = 0; i < s->outlines.count; i++)
        put_outline(s, &s->outlines.all[i]);
    put_legend(s, TOP + map_height + 16);
    label(s, remark, MARGIN, TOP + map_height + 58, "left");
    put_largest(s, TOP + map_height);
    return put_all(s);
}

dr_status dr_map_draw(const dr_map *map, dr_sheet_to to)
{
    sketch s = {.map = map};
    if (map->table->rows == 0)
        return dr_fail(DR_BAD_INPUT, "%s%sthere is nothing to draw: the table has no rows", to.path ? to.path : "",
                       to.path ? ": " : "");
    dr_status status = dr_sheet_open(&s.sheet, to);
    if (status == DR_OK)
        status = dr_outlines_read(&s.outlines);
    if (status == DR_OK) {
        s.rest = find_rest(&s);
        choose_limits(&s);
        status = put_map(&s);
    }
    dr_outlines_free(&s.outlines);
    dr_sheet_close(&s.sheet);
    return status;
}

dr_status dr_map_write(const dr_map *map, const char *path)
{
    DR_TRY(dr_sheet_check(path));
    return dr_map_draw(map, (dr_sheet_to){.path = path});
}
