#include "report/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/output.h"
#include "base/portable.h"
#include "base/print.h"
#include "base/spawn.h"
#include "derisk.h"
#include "report/pdf.h"

enum { SOURCE_LENGTH = 140, MARGIN = 24 };

static const double POINTS = 72; /* of an inch */

/* ---- Text and labels --------------------------------------------------------------------------------------------- */

void dr_sheet_quoted(const dr_sheet *sheet, const char *text, size_t length, bool format)
{
    bool steers = false; /* or does not: it is one character, in any case */
    fputc('\'', sheet->script);
    for (size_t bytes; length > 0; text += bytes, length -= bytes) {
        bytes = dr_character(text, length, &steers);
        if (*text == '\'' || (format && *text == '%'))
            fputc(*text, sheet->script);
        dr_print_clean(sheet->script, text, bytes);
    }
    fputc('\'', sheet->script);
}

void dr_sheet_text(const dr_sheet *sheet, const char *text)
{
    dr_sheet_quoted(sheet, text, strlen(text), false);
}

void dr_sheet_label(const dr_sheet *sheet, const char *text, double x, double y, const char *look)
{
    fputs("set label ", sheet->script);
    dr_sheet_text(sheet, text);
    dr_print(sheet->script, " at screen %.4f, screen %.4f %s\n", x / DR_SHEET_WIDTH, 1 - y / sheet->height, look);
}

/* Writes into `text` the line for a group whose members change over the years of the picture; false if there is
 * none. */
static bool tell_changes(char text[SOURCE_LENGTH + 1], const dr_table *table)
{
    static const char begin[] = "groups.", end[] = ".changes";
    for (size_t i = 0; i < table->fact_count; i++) {
        const char *name = table->facts[i].name;
        size_t length = strlen(name), around = sizeof begin + sizeof end - 2;
        if (length <= around || strncmp(name, begin, sizeof begin - 1) != 0 ||
            strcmp(name + length - sizeof end + 1, end) != 0)
            continue;
        snprintf(text, SOURCE_LENGTH + 1, "%.*s with its members of each year: %s", (int)(length - around),
                 name + sizeof begin - 1, table->facts[i].text);
        return true;
    }
    return false;
}

/* The source at the bottom, on two lines if it needs them and the second is not for the members of a group. */
static void put_source(const dr_sheet *sheet, const dr_table *table)
{
    const char *look = "left font ',9' textcolor rgb '#777777'";
    char text[1200], changes[SOURCE_LENGTH + 1];
    snprintf(text, sizeof text, "Source: %.900s; computed by derisk %s", dr_table_fact_text(table, "source"),
             DR_VERSION);
    size_t length = strlen(text), end = length;
    if (length > SOURCE_LENGTH)
        for (end = SOURCE_LENGTH; end > 1 && text[end] != ' ';)
            end--;
    if (tell_changes(changes, table))
        dr_sheet_label(sheet, changes, MARGIN, sheet->height - 9, look);
    else if (end < length)
        dr_sheet_label(sheet, text + end + 1, MARGIN, sheet->height - 9, look);
    text[end] = '\0';
    dr_sheet_label(sheet, text, MARGIN, sheet->height - 24, look);
}

/* A long title has smaller letters, and ends in dots where that is not enough. */
static void put_title(const dr_sheet *sheet, const char *title)
{
    enum { USUAL = 15, SMALLEST = 10, FITS = 66 };
    char text[512], look[64];
    size_t length = strlen(title), most = FITS * USUAL / SMALLEST;
    double size = length > FITS ? fmax(SMALLEST, (double)USUAL * FITS / (double)length) : USUAL;
    dr_print_text(look, sizeof look, "left font 'DejaVu Sans Bold,%.3g'", size);
    snprintf(text, sizeof text, "%.*s%s", (int)most, title, length > most ? "..." : "");
    dr_sheet_label(sheet, text, MARGIN, 26, look);
}

void dr_sheet_frame(dr_sheet *sheet, const dr_table *table, const char *what, double height)
{
    sheet->height = height;
    if (sheet->kind == DR_SHEET_PNG)
        dr_print(sheet->script, "set terminal pngcairo size %d,%.0f fontscale 2 linewidth 2 pointscale 2",
                 2 * DR_SHEET_WIDTH, 2 * height);
    else if (sheet->kind == DR_SHEET_PDF)
        dr_print(sheet->script, "set terminal pdfcairo size %.4f,%.4f fontscale 1", DR_SHEET_WIDTH / POINTS,
                 height / POINTS);
    else
        dr_print(sheet->script, "set terminal svg size %d,%.0f", DR_SHEET_WIDTH, height);
    fputs(" noenhanced font 'DejaVu Sans,12' background rgb '#ffffff'\n", sheet->script);
    put_title(sheet, table->title);
    dr_sheet_label(sheet, what, MARGIN, 52, "left textcolor rgb '#555555'");
    put_source(sheet, table);
}

/* ---- gnuplot ----------------------------------------------------------------------------------------------------- */

static dr_status fail_plot(FILE *said)
{
    char line[256] = "it ended without a message";
    rewind(said);
    while (fgets(line, sizeof line, said) && strspn(line, " \t\n^") == strlen(line))
        ;
    line[strcspn(line, "\n")] = '\0';
    return dr_fail(DR_MACHINE, "gnuplot did not draw the picture: %s", line);
}

/* Starts gnuplot on the script; its picture comes out of *picture. */
static dr_status start_gnuplot(pid_t *child, int *picture, FILE *script, FILE *said)
{
    char name[] = "gnuplot", option[] = "-d"; /* no settings but ours */
    char *const arguments[] = {name, option, NULL};
    int ends[2];
    posix_spawn_file_actions_t actions;
    if (dr_pipe(ends) != 0)
        return dr_fail(DR_MACHINE, "no pipe: %s", strerror(errno));
    int why = posix_spawn_file_actions_init(&actions);
    if (why == 0) {
        posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, fileno(said), STDERR_FILENO);
        why = dr_spawn(child, &actions, arguments);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    *picture = ends[0];
    if (why == 0)
        return DR_OK;
    close(ends[0]);
    return why == ENOENT ? dr_fail(DR_MACHINE, "gnuplot, which draws the pictures, is not installed")
                         : dr_fail(DR_MACHINE, "gnuplot cannot be started: %s", strerror(why));
}

/* The picture goes through here, as gnuplot does not say when a write of its own fails. */
static dr_status run_gnuplot(FILE *script, FILE *to, FILE *said)
{
    char bytes[1 << 14];
    pid_t child = 0;
    int ended = 0, picture = -1, why = 0;
    DR_TRY(start_gnuplot(&child, &picture, script, said));
    for (ssize_t size; (size = read(picture, bytes, sizeof bytes)) > 0 || (size < 0 && errno == EINTR);)
        if (size > 0 && fwrite(bytes, 1, (size_t)size, to) < (size_t)size && !why)
            why = errno;
    close(picture);
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return dr_fail(DR_MACHINE, "gnuplot: %s", strerror(errno));
    errno = why; /* for dr_output_close */
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0 ? DR_OK : fail_plot(said);
}

/* A PDF goes through memory, where it loses its date. */
static dr_status run_undated(FILE *script, FILE *to, FILE *said)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&bytes, &size);
    if (!memory)
        return dr_fail_memory();
    dr_status status = run_gnuplot(script, memory, said);
    if (fclose(memory) != 0 && status == DR_OK)
        status = dr_fail_memory();
    if (status == DR_OK) {
        dr_pdf_undate(bytes, size);
        fwrite(bytes, 1, size, to);
    }
    free(bytes);
    return status;
}

static dr_status draw_into(const dr_sheet *sheet, FILE *to)
{
    FILE *said = tmpfile();
    if (!said)
        return dr_fail(DR_MACHINE, "temporary files cannot be made: %s", strerror(errno));
    rewind(sheet->script);
    dr_status status = (sheet->kind == DR_SHEET_PDF ? run_undated : run_gnuplot)(sheet->script, to, said);
    fclose(said);
    return status;
}

dr_status dr_sheet_draw(const dr_sheet *sheet)
{
    dr_output output;
    if (fflush(sheet->script) != 0 || ferror(sheet->script))
        return dr_fail(DR_MACHINE, "temporary files cannot be written: %s", strerror(errno));
    if (!sheet->to.path)
        return draw_into(sheet, sheet->to.svg);
    DR_TRY(dr_output_open(&output, sheet->to.path));
    return dr_output_close(&output, draw_into(sheet, output.file));
}

/* ---- Beginning and end ------------------------------------------------------------------------------------------- */

const char *const dr_sheet_endings[] = {[DR_SHEET_SVG] = "svg", [DR_SHEET_PNG] = "png", [DR_SHEET_PDF] = "pdf", NULL};

/* The kind of picture by the ending of its name, or the number of kinds. */
static size_t kind_of(const char *path)
{
    char ending[8];
    size_t kind = 0;
    for (; dr_sheet_endings[kind]; kind++) {
        snprintf(ending, sizeof ending, ".%s", dr_sheet_endings[kind]);
        if (dr_path_ends(path, ending))
            break;
    }
    return kind;
}

dr_status dr_sheet_check(const char *path)
{
    if (dr_sheet_endings[kind_of(path)])
        return DR_OK;
    return dr_fail(DR_USAGE, "%s: a picture's name ends with .svg, .png or .pdf", path);
}

dr_status dr_sheet_open(dr_sheet *out, dr_sheet_to to)
{
    if (to.path)
        DR_TRY(dr_sheet_check(to.path));
    *out = (dr_sheet){.to = to, .kind = to.path ? (dr_sheet_kind)kind_of(to.path) : DR_SHEET_SVG, .script = tmpfile()};
    return out->script ? DR_OK : dr_fail(DR_MACHINE, "temporary files cannot be made: %s", strerror(errno));
}

void dr_sheet_close(dr_sheet *sheet)
{
    if (sheet->script)
        fclose(sheet->script);
}
