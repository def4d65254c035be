#define _GNU_SOURCE /* posix_spawn, strcasestr */
#include "report/plot.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/output.h"

extern char **environ;

enum {
    WIDTH = 960,
    LINES_HEIGHT = 540,
    MARGINS_HEIGHT = 150,
    BAR_HEIGHT = 15,
    MOST_BARS = 20,
    MOST_YEARS = 18,
    KEY_LENGTH = 44,
    SOURCE_LENGTH = 150
};

/* A picture on its way. Pixels are those of an SVG; a PNG has two for each. */
typedef struct sketch {
    const dr_plot *plot;
    FILE *script;
    bool png;
    size_t *rows, row_count; /* of the table, in the order in which they are drawn */
    double scale;            /* of the numbers of the table */
    char unit[256];
} sketch;

/* ---- What is drawn ---------------------------------------------------------------------------------------------- */

static double number_at(const sketch *s, size_t series, size_t row)
{
    return s->scale * dr_table_number(s->plot->table, row, s->plot->columns[series]);
}

/* Shares are drawn in percent, and large numbers of millions in billions. */
static void choose_unit(sketch *s)
{
    const char million[] = "million ";
    const dr_plot *p = s->plot;
    double largest = 0;
    s->scale = 1;
    snprintf(s->unit, sizeof s->unit, "%.200s", p->table->unit);
    for (size_t i = 0; i < s->row_count; i++)
        for (size_t k = 0; k < p->series; k++)
            largest = fmax(largest, fabs(number_at(s, k, s->rows[i])));
    dr_show show = p->table->columns[p->columns[0]].show;
    if (show == DR_SHOW_SHARE || show == DR_SHOW_PERCENT) {
        s->scale = show == DR_SHOW_SHARE ? 100 : 1;
        strcpy(s->unit, "percent");
    } else if (largest >= 1e4 && strncmp(s->unit, million, sizeof million - 1) == 0) {
        s->scale = 1e-3;
        snprintf(s->unit, sizeof s->unit, "billion %.200s", p->table->unit + sizeof million - 1);
    }
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

/* `length` bytes of a text in single quotes, in which gnuplot takes nothing but these for more than a letter: names in a world must
 * not be able to run anything. In a format, percent signs are written twice. */
static void put_quoted(const sketch *s, const char *text, size_t length, bool format)
{
    fputc('\'', s->script);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'' || (format && text[i] == '%'))
            fputc(text[i], s->script);
        fputc(iscntrl((unsigned char)text[i]) ? ' ' : text[i], s->script);
    }
    fputc('\'', s->script);
}

static void put_text(const sketch *s, const char *text)
{
    put_quoted(s, text, strlen(text), false);
}

static void put_label(const sketch *s, const char *text, double top, const char *look)
{
    fputs("set label ", s->script);
    put_text(s, text);
    fprintf(s->script, " at screen 0.025, screen %.4f left %s\n", top, look);
}

static const char *source_of(const dr_table *table)
{
    for (size_t i = 0; i < table->fact_count; i++)
        if (table->facts[i].text && strcmp(table->facts[i].name, "source") == 0)
            return table->facts[i].text;
    return "";
}

static size_t height_of(const sketch *s)
{
    return s->plot->kind != DR_PLOT_BARS ? LINES_HEIGHT
                                         : MARGINS_HEIGHT + BAR_HEIGHT * s->row_count * (1 + s->plot->series);
}

/* The source at the bottom, on two lines if it needs them. */
static void put_source(const sketch *s, double height)
{
    const char *look = "font ',9' textcolor rgb '#777777'";
    char text[1200];
    snprintf(text, sizeof text, "Source: %.900s; computed by derisk %s", source_of(s->plot->table), DR_VERSION);
    size_t length = strlen(text), end = length;
    if (length > SOURCE_LENGTH)
        for (end = SOURCE_LENGTH; end > 1 && text[end] != ' ';)
            end--;
    if (end < length)
        put_label(s, text + end + 1, 9 / height, look);
    text[end] = '\0';
    put_label(s, text, 24 / height, look);
}

static void put_frame(const sketch *s)
{
    const dr_plot *p = s->plot;
    char text[1200];
    double height = (double)height_of(s);
    if (s->png)
        fprintf(s->script, "set terminal pngcairo size %d,%zu fontscale 2 linewidth 2 pointscale 2", 2 * WIDTH,
                2 * height_of(s));
    else
        fprintf(s->script, "set terminal svg size %d,%zu", WIDTH, height_of(s));
    fputs(" noenhanced font 'DejaVu Sans,12' background rgb '#ffffff'\n"
          "set style line 1 lc rgb '#0072b2' lw 2.5 pt 7 ps 0.5\n"
          "set style line 2 lc rgb '#e69f00' lw 2.5 pt 7 ps 0.5\n"
          "set tics nomirror scale 0 textcolor rgb '#333333'\n",
          s->script);
    fprintf(s->script, "set tmargin at screen %.4f\nset bmargin at screen %.4f\nset rmargin at screen 0.97\n",
            1 - 84 / height, 66 / height);
    put_label(s, p->table->title, 1 - 26 / height, "font 'DejaVu Sans Bold,15'");
    snprintf(text, sizeof text, "%.200s, %.250s", p->what, s->unit);
    put_label(s, text, 1 - 52 / height, "textcolor rgb '#555555'");
    put_source(s, height);
    if (p->series > 1)
        fprintf(s->script,
                "set key at screen 0.97, screen %.4f right top horizontal Left reverse width 1 samplen 1.5\n",
                1 - 40 / height);
    else
        fputs("unset key\n", s->script);
}

static void put_numbers(const sketch *s)
{
    fputs("$numbers << EOD\n", s->script);
    for (size_t i = 0; i < s->row_count; i++) {
        double year = dr_table_number(s->plot->table, s->rows[i], s->plot->key);
        fprintf(s->script, "%g", s->plot->kind != DR_PLOT_BARS ? year : (double)i);
        for (size_t k = 0; k < s->plot->series; k++)
            fprintf(s->script, " %.9g", number_at(s, k, s->rows[i]));
        if (s->plot->kind == DR_PLOT_POINTS)
            fprintf(s->script, " %.9g %.9g", s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->low),
                    s->scale * dr_table_number(s->plot->table, s->rows[i], s->plot->high));
        fputc('\n', s->script);
    }
    fputs("EOD\n", s->script);
}

/* The axes of a picture over years, or other whole numbers. */
static void put_years(const sketch *s)
{
    const dr_table *table = s->plot->table;
    double first = dr_table_number(table, s->rows[0], s->plot->key);
    double last = dr_table_number(table, s->rows[s->row_count - 1], s->plot->key);
    fputs("set border 1 lc rgb '#999999'\nset grid ytics lt 1 lw 0.7 lc rgb '#dddddd'\nset xzeroaxis lt 1 lw 1 lc rgb "
          "'#666666'\n"
          "set lmargin at screen 0.085\nset format y '%g'\n",
          s->script);
    fprintf(s->script, "set xrange [%g:%g]\nset xtics %g, %g\n", first - 0.5, last + 0.5, first,
            ceil((last - first + 1) / MOST_YEARS));
    put_numbers(s);
}

static void put_lines(const sketch *s)
{
    put_years(s);
    for (size_t k = 0; k < s->plot->series; k++) {
        fprintf(s->script, "%s $numbers using 1:%zu with linespoints ls %zu title ", k ? "," : "plot", k + 2, k + 1);
        put_text(s, s->plot->labels[k]);
    }
    fputc('\n', s->script);
}

/* One tick a point where there are few. */
static void put_points(const sketch *s)
{
    put_years(s);
    if (s->row_count <= MOST_YEARS) {
        fputs("set xtics (", s->script);
        for (size_t i = 0; i < s->row_count; i++)
            fprintf(s->script, "%s%g", i ? ", " : "", dr_table_number(s->plot->table, s->rows[i], s->plot->key));
        fputs(")\n", s->script);
    }
    fputs("plot $numbers using 1:2:3:4 with yerrorbars ls 1 ps 1\n", s->script);
}

/* The bytes of a text that go on a line: up to the last space that fits, or a longer word as it is. */
static size_t key_line(const char *text)
{
    size_t length = strcspn(text, " "), next = length;
    while (text[next] && next <= KEY_LENGTH) {
        length = next;
        next += 1 + strcspn(text + next + 1, " ");
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
        put_quoted(s, text, length, true); /* a key is also a format */
        text += length + (text[length] == ' ');
        fputs(*text ? ".\"\\n\"." : "", s->script);
    } while (*text);
    return longest;
}

/* Texts beside the bars, and as wide a margin as the longest needs. */
static void put_keys(const sketch *s)
{
    size_t longest = 0;
    char key[512];
    fputs("set ytics (", s->script);
    for (size_t i = 0; i < s->row_count; i++) {
        fputs(i ? ", " : "", s->script);
        snprintf(key, sizeof key, "%s%s%s", dr_table_text(s->plot->table, s->rows[i], s->plot->key),
                 s->plot->key_more ? " " : "",
                 s->plot->key_more ? dr_table_text(s->plot->table, s->rows[i], s->plot->key_more) : "");
        size_t length = put_key(s, key);
        longest = length > longest ? length : longest;
        fprintf(s->script, " %zu", i);
    }
    fprintf(s->script, ")\nset lmargin at screen %.4f\n", 0.035 + 0.0088 * (double)longest);
}

static void put_bars(const sketch *s)
{
    const double thickness = 0.8 / (double)s->plot->series;
    fputs("set border 0\nset grid xtics lt 1 lw 0.7 lc rgb '#dddddd'\nset yzeroaxis lt 1 lw 1 lc rgb '#666666'\n"
          "set style fill solid 1 noborder\nset format x '%g'\n",
          s->script);
    fprintf(s->script, "set yrange [%zu.5:-0.5]\n", s->row_count - 1);
    put_keys(s);
    put_numbers(s);
    for (size_t k = 0; k < s->plot->series; k++) {
        double top = -0.4 + thickness * (double)k;
        fprintf(s->script, "%s $numbers using (0):1:(0):%zu:($1%+.4f):($1%+.4f) with boxxyerror ls %zu title ",
                k ? "," : "plot", k + 2, top, top + thickness, k + 1);
        put_text(s, s->plot->labels[k]);
    }
    fputc('\n', s->script);
}

/* ---- gnuplot ---------------------------------------------------------------------------------------------------- */

static dr_status fail_plot(FILE *said)
{
    char line[256] = "it ended without a word";
    rewind(said);
    while (fgets(line, sizeof line, said) && strspn(line, " \t\n^") == strlen(line))
        ;
    line[strcspn(line, "\n")] = '\0';
    return dr_fail(DR_MACHINE, "gnuplot did not draw the picture: %s", line);
}

/* Runs gnuplot on the script, its output into `to`. */
static dr_status run_gnuplot(FILE *script, FILE *to, FILE *said)
{
    char *const arguments[] = {"gnuplot", "-d", NULL}; /* no settings but ours */
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int ended = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return dr_fail_memory();
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(to), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(said), STDERR_FILENO);
    int why = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (why == ENOENT)
        return dr_fail(DR_MACHINE, "gnuplot, which draws the pictures, is not installed");
    if (why != 0)
        return dr_fail(DR_MACHINE, "gnuplot cannot be started: %s", strerror(why));
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return dr_fail(DR_MACHINE, "gnuplot: %s", strerror(errno));
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0 ? DR_OK : fail_plot(said);
}

static dr_status draw(const sketch *s, const char *path)
{
    dr_output output;
    FILE *said = tmpfile();
    if (!said)
        return dr_fail(DR_MACHINE, "temporary files cannot be made: %s", strerror(errno));
    dr_status status = dr_output_open(&output, path);
    if (status == DR_OK) {
        rewind(s->script); /* which flushes it */
        status = dr_output_close(&output, run_gnuplot(s->script, output.file, said));
    }
    fclose(said);
    return status;
}

static bool ends_with(const char *path, const char *ending)
{
    size_t size = strlen(path), length = strlen(ending);
    return size > length && strcasecmp(path + size - length, ending) == 0;
}

dr_status dr_plot_check(const char *path)
{
    if (ends_with(path, ".svg") || ends_with(path, ".png"))
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: a picture's name ends with .svg or .png", path);
}

dr_status dr_plot_write(const dr_plot *plot, const char *path)
{
    sketch s = {.plot = plot, .png = ends_with(path, ".png")};
    DR_TRY(dr_plot_check(path));
    if (plot->rows == 0)
        return dr_fail(DR_BAD_INPUT, "%s: there is nothing to draw: the table has no rows", path);
    s.script = tmpfile();
    if (!s.script)
        return dr_fail(DR_MACHINE, "temporary files cannot be made: %s", strerror(errno));
    dr_status status = choose_rows(&s);
    if (status == DR_OK) {
        choose_unit(&s);
        put_frame(&s);
        (plot->kind == DR_PLOT_LINES ? put_lines : plot->kind == DR_PLOT_BARS ? put_bars : put_points)(&s);
        status = draw(&s, path);
    }
    free(s.rows);
    fclose(s.script);
    return status;
}
