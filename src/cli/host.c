#include "cli/host.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/keep.h"
#include "cli/pictures.h"

struct cli_host {
    cli_keep *keep;
};

struct cli_call {
    cli_line line;
    dr_arena texts; /* of the request */
    dr_table *table;
    void *objects; /* that the command has left; NULL: none */
    const cli_rest *rest;
    cli_progress *progress;
    void *user;
    dr_cancel *cancel;
    double told; /* seconds: the last progress */
};

dr_status cli_host_new(cli_host **out)
{
    cli_host *host = dr_new(1, sizeof *host);
    if (!host)
        return dr_fail_memory();
    dr_status status = cli_keep_new(&host->keep);
    if (status == DR_OK)
        *out = host;
    else
        free(host);
    return status;
}

void cli_host_free(cli_host *host)
{
    if (host)
        cli_keep_free(host->keep);
    free(host);
}

void cli_host_forget(cli_host *host)
{
    cli_keep_forget(host->keep);
}

/* ---- A call ------------------------------------------------------------------------------------------------------ */

static dr_status copy_text(cli_call *call, const char *text, char **out)
{
    *out = dr_arena_text(&call->texts, text);
    return *out ? DR_OK : dr_fail_memory();
}

static dr_status take_arguments(cli_call *call, const cli_request *request)
{
    cli_line *line = &call->line;
    line->arguments = dr_arena_take(&call->texts, (request->argument_count + 1) * sizeof *line->arguments);
    if (!line->arguments)
        return dr_fail_memory();
    for (size_t i = 0; i < request->argument_count; i++)
        DR_TRY(copy_text(call, request->arguments[i], &line->arguments[i]));
    line->argument_count = request->argument_count;
    return DR_OK;
}

static dr_status take_setting(cli_call *call, const cli_setting *setting)
{
    cli_line *line = &call->line;
    const option_row *row = option_find(line->command->options, setting->name);
    char *text = NULL;
    if (!row)
        return cli_unknown_option(line, setting->name);
    DR_TRY(copy_text(call, setting->text, &text));
    dr_status status = option_add(&line->values, row, text);
    return status == DR_USAGE ? dr_fail_at(status, line->command->name) : status;
}

static dr_status read_request(cli_call *call, const cli_request *request)
{
    const cli_command *command = cli_find_command(request->command);
    if (!command)
        return DR_USAGE;
    call->line.command = command;
    call->line.values = (option_values){.groups = command->options};
    call->progress = request->progress;
    call->user = request->user;
    DR_TRY(take_arguments(call, request));
    for (size_t i = 0; i < request->setting_count; i++)
        DR_TRY(take_setting(call, &request->settings[i]));
    return cli_line_check(&call->line);
}

/* Runs the command in this thread, which can be stopped where the caller has a callback. */
static dr_status run(cli_call *call)
{
    if (!call->progress)
        return call->line.command->run(&call->line);
    DR_TRY(dr_cancel_new(&call->cancel));
    const dr_cancel *before = dr_cancel_watch(call->cancel);
    dr_status status = call->line.command->run(&call->line);
    dr_cancel_watch(before);
    dr_cancel_free(call->cancel);
    call->cancel = NULL;
    return status;
}

dr_status cli_host_call(cli_call **out, cli_host *host, const cli_request *request)
{
    cli_call *call = dr_new(1, sizeof *call);
    if (!call)
        return dr_fail_memory();
    call->line.keep = host->keep;
    call->line.call = call;
    dr_status status = read_request(call, request);
    if (status == DR_OK)
        status = run(call);
    if (status == DR_OK)
        *out = call;
    else
        cli_call_free(call);
    return status;
}

void cli_call_free(cli_call *call)
{
    if (!call)
        return;
    if (call->objects)
        call->rest->free(call->objects);
    free(call->objects);
    dr_table_free(call->table);
    cli_line_free(&call->line);
    dr_arena_free(&call->texts);
    free(call);
}

/* ---- Results ----------------------------------------------------------------------------------------------------- */

dr_table *cli_call_table(const cli_call *call)
{
    return call->table;
}

dr_status cli_call_more(dr_table **out, cli_call *call, const char *name)
{
    const option_row *row = option_find(call->line.command->options, "table");
    if (!call->objects || !call->rest->make || !row)
        return cli_misuse(&call->line, "this result has no table '%s' beside its own", name);
    if (!cli_takes(&call->line, "table", name))
        return cli_misuse(&call->line, "unknown table '%s'", name);
    DR_TRY(call->rest->make(out, &call->line, call->objects, name));
    return dr_table_name_command(*out, call->line.command->name);
}

static dr_status draw(cli_call *call, dr_table *table)
{
    if (call->rest && call->rest->draw)
        return call->rest->draw(&call->line, call->objects, table);
    return cli_draw(&call->line, table);
}

dr_status cli_call_draw(cli_call *call, dr_table *table, const char *option, const char *path)
{
    option_values *values = &call->line.values;
    const option_row *row = option_find(call->line.command->options, option);
    if (!row || !table)
        return cli_misuse(&call->line, "the result has no %s", option);
    size_t before = values->count;
    dr_status status = option_add(values, row, path);
    if (status == DR_OK)
        status = draw(call, table);
    values->count = before;
    return status;
}

/* ---- For commands ------------------------------------------------------------------------------------------------ */

void cli_leave(const cli_line *line, void *objects, size_t size, dr_table **table, const cli_rest *rest)
{
    cli_call *call = line->call;
    if (!call)
        return;
    if (table) {
        dr_table_free(*table);
        *table = NULL;
    }
    if (size > 0 && !(call->objects = dr_new(1, size)))
        return; /* without memory the result has no other tables */
    if (size > 0) {
        memcpy(call->objects, objects, size);
        memset(objects, 0, size);
    }
    call->rest = rest;
}

bool cli_is_call(const cli_line *line)
{
    return line->call;
}

void cli_host_take(const cli_line *line, dr_table *table)
{
    dr_table_free(line->call->table);
    dr_table_hold(table);
    line->call->table = table;
}

void cli_host_progress(const cli_line *line, const char *what, size_t done, size_t all)
{
    const double pause = 0.1;
    cli_call *call = line->call;
    double now = call->progress ? dr_seconds() : 0;
    if (!call->progress || (now - call->told < pause && done < all))
        return;
    call->told = now;
    if (!call->progress(what, done, all, call->user))
        dr_cancel_now(call->cancel);
}
