#include "cli/complete.h"

#include <string.h>

#include "cli/commands.h"
#include "world/economy.h"
#include "world/world.h"

/* The word that is completed, taken apart: `keep` bytes stay, the candidates begin with the rest. */
typedef struct cursor {
    FILE *out;
    const char *word;
    size_t keep;
    const char *after;     /* what follows a candidate: ":" between parts */
    const char *world;     /* the path of the world that the line names; NULL: none */
    const option_row *row; /* of the value that is completed; NULL: the word is no value */
} cursor;

static void offer(const cursor *c, const char *before, const char *candidate)
{
    const char *rest = c->word + c->keep;
    size_t length = strlen(before);
    if (!*candidate || strncmp(rest, before, strlen(rest) < length ? strlen(rest) : length) != 0)
        return;
    if (strlen(rest) > length && strncmp(rest + length, candidate, strlen(rest) - length) != 0)
        return;
    fprintf(c->out, "%.*s%s%s%s\n", (int)c->keep, c->word, before, candidate, c->after);
}

static void offer_words(const cursor *c, const char *const *words)
{
    for (; words && *words; words++)
        offer(c, "", *words);
}

static void offer_commands(const cursor *c)
{
    for (size_t i = 0; cli_commands[i]; i++)
        offer(c, "", cli_commands[i]->name);
}

/* ---- Names of a world -------------------------------------------------------------------------------------------- */

static void offer_regions(const cursor *c, dr_world *world)
{
    dr_economy *names = NULL;
    for (size_t i = 0; i < dr_world_regions(world); i++)
        offer(c, "", dr_world_region_code(world, i));
    if (dr_economy_load_names(&names, world, 0) == DR_OK)
        for (size_t g = 0; g < names->groups.count; g++)
            offer(c, "", names->groups.names[g]);
    dr_economy_free(names);
}

/* Slugs, or codes where there are none, and each kind once. */
static void offer_sectors(const cursor *c, const dr_world *world)
{
    const dr_layout *layout = &world->layout;
    offer(c, "", "all");
    for (size_t s = 0; s < layout->sectors.count; s++) {
        const char *kind = layout->sector_kinds[s];
        size_t first = 0;
        offer(c, "", *layout->sector_slugs[s] ? layout->sector_slugs[s] : layout->sectors.names[s]);
        while (strcmp(layout->sector_kinds[first], kind) != 0)
            first++;
        if (first == s)
            offer(c, "", kind);
    }
}

static void offer_names(const cursor *c, option_kind kind)
{
    dr_world *world = NULL;
    if (!c->world || dr_world_open(&world, c->world) != DR_OK)
        return;
    if (kind == OPTION_REGION)
        offer_regions(c, world);
    else
        offer_sectors(c, world);
    dr_world_close(world);
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

/* Keeps what stands before the last comma. */
static void skip_list(cursor *c)
{
    const char *comma = strrchr(c->word + c->keep, ',');
    if (comma)
        c->keep = (size_t)(comma + 1 - c->word);
}

static void offer_kind(cursor *c, option_kind kind)
{
    if (kind == OPTION_WORDS || kind == OPTION_REGION || kind == OPTION_SECTOR)
        skip_list(c);
    if (kind == OPTION_REGION || kind == OPTION_SECTOR)
        offer_names(c, kind);
    else if (kind != OPTION_FILE) /* whose words are endings */
        offer_words(c, c->row->words);
}

/* The part after the last colon, where a value has parts. */
static void offer_value(cursor *c)
{
    size_t part = 0;
    if (!c->row->parts) {
        offer_kind(c, c->row->kind);
        return;
    }
    for (const char *colon; (colon = strchr(c->word + c->keep, ':')); part++)
        c->keep = (size_t)(colon + 1 - c->word);
    if (part >= c->row->part_count)
        return;
    c->after = part + 1 < c->row->part_count ? ":" : "";
    offer_kind(c, c->row->parts[part]);
}

/* ---- The line ---------------------------------------------------------------------------------------------------- */

/* The option of a word "--name", of `length` bytes, or NULL. */
static const option_row *option_of(const cli_command *command, const char *word, size_t length)
{
    char name[64];
    if (length < 3 || strncmp(word, "--", 2) != 0)
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)(length - 2), word + 2);
    return option_find(command->options, name);
}

static void note_world(cursor *c, const option_row *row, const char *value)
{
    if (row && (strcmp(row->name, "WORLD") == 0 || strcmp(row->name, "world") == 0))
        c->world = value;
}

static void next_argument(const option_row **argument)
{
    if ((*argument)->name && !(*argument)->many)
        ++*argument;
}

/* Reads the words before the last one; `argument` becomes the one that the last would be. */
static void read_line(cursor *c, const cli_command *command, const char *const *words, size_t count,
                      const option_row **argument)
{
    *argument = command->arguments;
    for (size_t i = 1; i < count; i++) {
        size_t length = strcspn(words[i], "=");
        const option_row *row = option_of(command, words[i], length);
        c->row = NULL;
        if (row && row->kind != OPTION_FLAG && !words[i][length] && i + 1 == count) {
            c->row = row; /* its value is the last word */
        } else if (row && row->kind != OPTION_FLAG) {
            note_world(c, row, words[i][length] ? words[i] + length + 1 : words[i + 1]);
            i += words[i][length] == '\0';
        } else if (words[i][0] != '-') {
            note_world(c, *argument, words[i]);
            next_argument(argument);
        }
    }
}

static void offer_options(const cursor *c, const cli_command *command)
{
    const option_row *row;
    offer(c, "--", "help");
    for (size_t i = 0; (row = option_at(command->options, i)); i++)
        offer(c, "--", row->name);
}

static void complete_command(cursor *c, const cli_command *command, const char *const *words, size_t count)
{
    const option_row *argument;
    read_line(c, command, words, count - 1, &argument);
    size_t name = strcspn(c->word, "=");
    const option_row *joined = c->word[name] ? option_of(command, c->word, name) : NULL;
    if (joined) {
        c->row = joined;
        c->keep = name + 1;
    }
    if (c->row) {
        offer_value(c);
    } else if (*c->word == '-') {
        offer_options(c, command);
    } else if (command == &cli_help) {
        offer_commands(c);
    } else if (argument->name) {
        c->row = argument;
        offer_value(c);
    }
}

void cli_complete(FILE *out, const char *const *words, size_t count)
{
    static const char *const general[] = {"--help", "--version", NULL};
    if (count == 0)
        return;
    cursor c = {.out = out, .word = words[count - 1], .after = ""};
    if (count == 1) {
        offer_words(&c, general);
        offer_commands(&c);
        return;
    }
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, words[0]) == 0)
            complete_command(&c, cli_commands[i], words, count);
}
