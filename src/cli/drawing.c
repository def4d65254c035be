#include "cli/drawing.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "cli/host.h"
#include "options/draw_rows.h"

bool cli_wants_table(const cli_line *line, const char *name)
{
    const char *table = cli_text(line, "table");
    return table && strcmp(table, name) == 0;
}

dr_draw_options cli_draws(cli_bar *bar, const cli_line *line)
{
    dr_draw_options options = option_draws(&line->values);
    options.progress = cli_bar_step;
    options.user = bar;
    cli_bar_start(bar, line);
    return options;
}

dr_status cli_make_draws(dr_table **out, const cli_line *line, const dr_model *model, const dr_scenario *scenario)
{
    cli_bar bar;
    dr_draw_options options = cli_draws(&bar, line);
    dr_status status = (cli_wants_table(line, "draws")     ? dr_draw_all
                        : cli_wants_table(line, "summary") ? dr_draw_summary
                                                           : dr_draw_bands)(out, model, scenario, &options);
    cli_bar_end(&bar);
    return status;
}

/* ---- Every draw, some thousand at a time ------------------------------------------------------------------------- */

bool cli_writes_draws(const cli_line *line)
{
    static const char *const whole[] = {"top", "plot", "map", "sweep"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (cli_given(line, whole[i]))
            return false;
    return cli_given(line, "draws") && cli_wants_table(line, "draws") && cli_format(line) == DR_FORMAT_CSV &&
           !cli_argument(line, 2) && !cli_is_call(line);
}

/* The bar of all draws. */
typedef struct all_draws {
    cli_bar bar;
    size_t draws, before; /* those of parts that are done */
} all_draws;

static void step(const char *what, size_t done, size_t all, void *user)
{
    all_draws *a = user;
    (void)all;
    cli_bar_step(what, a->before + done, a->draws, &a->bar);
}

dr_status cli_write_draws(const cli_line *line, const dr_model *model, const dr_scenario *scenario)
{
    const size_t most = 4096;
    cli_rows rows = {.line = line};
    dr_draw_options options = option_draws(&line->values);
    all_draws a = {.draws = options.draws};
    const size_t parts = (a.draws + most - 1) / most; /* of one size, or one draw more */
    dr_status status = DR_OK;
    options.progress = step;
    options.user = &a;
    cli_bar_start(&a.bar, line);
    for (size_t k = 0; k < parts && status == DR_OK; k++) {
        dr_table *table = NULL;
        options.first = a.before = a.draws / parts * k + (k < a.draws % parts ? k : a.draws % parts);
        options.draws = a.draws / parts + (k < a.draws % parts);
        status = dr_draw_all(&table, model, scenario, &options);
        if (status == DR_OK)
            status = cli_rows_add(&rows, table);
        dr_table_free(table);
    }
    cli_bar_end(&a.bar);
    return cli_rows_end(&rows, status);
}

/* ---- A part of a run --------------------------------------------------------------------------------------------- */

/* The numbers K and N of --part K/N. */
static dr_status read_part(size_t numbers[2], const cli_line *line)
{
    const char *text = cli_text(line, "part"), *slash = strchr(text, '/');
    char head[32];
    double part = 0, parts = 0;
    snprintf(head, sizeof head, "%.*s", (int)(slash ? slash - text : 0), text);
    bool good = slash && slash - text < (ptrdiff_t)sizeof head && dr_parse_number(head, &part) &&
                dr_parse_number(slash + 1, &parts) && part >= 1 && part <= parts && parts <= 1e6;
    numbers[0] = good ? (size_t)part : 0;
    numbers[1] = good ? (size_t)parts : 0;
    if (good && (double)numbers[0] == part && (double)numbers[1] == parts)
        return DR_OK;
    return cli_misuse(line, "--part '%s': expected the number of a part and how many there are, such as 37/1000", text);
}

dr_status cli_part_read(size_t numbers[2], const char **path, const cli_line *line)
{
    *path = cli_text(line, "output");
    if (cli_format(line) != DR_FORMAT_PARQUET || !*path)
        return cli_misuse(line, "--part needs --output FILE.parquet");
    return read_part(numbers, line);
}

void cli_part_remark(const cli_line *line, const char *path, const size_t numbers[2], bool there)
{
    cli_remark(line, there ? "%s: part %zu of %zu is there already" : "%s: part %zu of %zu", path, numbers[0],
               numbers[1]);
}

dr_status cli_make_part(const cli_line *line, const dr_model *model, const dr_scenario *scenario)
{
    cli_bar bar;
    bool there = false;
    size_t part[2];
    const char *path = NULL;
    DR_TRY(cli_part_read(part, &path, line));
    dr_draw_options options = cli_draws(&bar, line);
    if (part[1] > options.draws)
        return cli_misuse(line, "--part: %zu parts of %zu draws; expected no more parts than draws", part[1],
                          options.draws);
    dr_status status = dr_draw_part(&there, path, model, scenario, &options, part[0], part[1]);
    cli_bar_end(&bar);
    if (status == DR_OK)
        cli_part_remark(line, path, part, there);
    return status;
}
