#include "options/option.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/names.h"
#include "base/print.h"

enum { NAME_SIZE = 80 };

/* The largest whole number that a double, and so JSON, can tell from its neighbours. */
static const double MOST_COUNT = 0x1p53;

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

const option_row *option_at(const option_group *groups, size_t position)
{
    for (; groups->rows; groups++)
        for (const option_row *row = groups->rows; row->name; row++)
            if (position-- == 0)
                return row;
    return NULL;
}

const option_row *option_find(const option_group *groups, const char *name)
{
    const option_row *row;
    for (size_t i = 0; (row = option_at(groups, i)); i++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

bool option_is_argument(const option_row *row)
{
    return isupper((unsigned char)*row->name) != 0;
}

const char *option_ending(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return dot && dot != name ? dot + 1 : "";
}

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

const char *option_join(char out[OPTION_EXPECTED_SIZE], const char *const *words, const char *before)
{
    size_t count = dr_list_length(words), size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && size < OPTION_EXPECTED_SIZE; i++) {
        const char *between = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        size += (size_t)snprintf(out + size, OPTION_EXPECTED_SIZE - size, "%s%s%s", between, before, words[i]);
    }
    return out;
}

/* An option or argument as messages write it. */
static const char *called(char out[NAME_SIZE], const option_row *row, bool dashes)
{
    const char *mark = option_is_argument(row) ? "" : dashes ? "--" : "'";
    snprintf(out, NAME_SIZE, "%s%s%s", mark, row->name, *mark == '\'' ? "'" : "");
    return out;
}

/* The range of a number; a rate's in percent. */
static void add_range(char *out, size_t size, const option_row *row)
{
    double scale = row->kind == OPTION_RATE ? 100 : 1;
    const char *sign = row->kind == OPTION_RATE ? "%" : "";
    if (row->above)
        dr_print_text(out, size, " above %.15g%s", scale * row->least, sign);
    else if (row->most != 0)
        dr_print_text(out, size, " from %.15g%s", scale * row->least, sign);
    else
        dr_print_text(out, size, " of at least %.15g%s", scale * row->least, sign);
    size_t length = strlen(out);
    if (row->most != 0)
        dr_print_text(out + length, size - length, "%s %.15g%s", row->above ? " and at most" : " to", scale * row->most,
                      sign);
}

const char *option_expected(char out[OPTION_EXPECTED_SIZE], const option_row *row)
{
    static const char *const kinds[] = {
        [OPTION_FLAG] = "true or false",       [OPTION_TEXT] = "a text",          [OPTION_RATE] = "a percentage",
        [OPTION_NUMBER] = "a number",          [OPTION_COUNT] = "a whole number", [OPTION_FILE] = "the name of a file",
        [OPTION_REGION] = "regions or groups", [OPTION_SECTOR] = "sectors",       [OPTION_JSON] = "an object or a list",
    };
    if (row->kind == OPTION_WORD || row->kind == OPTION_WORDS)
        return option_join(out, row->words, "");
    snprintf(out, OPTION_EXPECTED_SIZE, "%s", kinds[row->kind]);
    size_t length = strlen(out);
    if (row->kind == OPTION_RATE || row->kind == OPTION_NUMBER || row->kind == OPTION_COUNT)
        add_range(out + length, OPTION_EXPECTED_SIZE - length, row);
    else if (row->kind == OPTION_FILE && row->words) {
        char endings[OPTION_EXPECTED_SIZE];
        snprintf(out, OPTION_EXPECTED_SIZE, "a name that ends with %.400s", option_join(endings, row->words, "."));
    }
    length = strlen(out);
    if (row->example)
        snprintf(out + length, OPTION_EXPECTED_SIZE - length, ", such as %s", row->example);
    return out;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static dr_status refuse(const option_value *value, bool dashes, const char *hint)
{
    char expected[OPTION_EXPECTED_SIZE];
    const char *mark = dashes && !option_is_argument(value->row) ? "--" : "";
    return dr_fail(DR_USAGE, "%s%s '%.200s': expected %s%s", mark, value->row->name, value->text,
                   option_expected(expected, value->row), hint);
}

static bool in_range(const option_row *row, double number)
{
    bool low = row->above ? number > row->least : number >= row->least;
    return low && (row->most == 0 || number <= row->most);
}

/* Reads the number in a text without its sign of percent or unit. */
static bool parse_number(option_value *value)
{
    const option_row *row = value->row;
    char text[64];
    size_t length = strlen(value->text), unit = row->unit ? strlen(row->unit) : 0;
    if (unit > 0 && length > unit && strcmp(value->text + length - unit, row->unit) == 0)
        length -= unit;
    if (length >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)length, value->text);
    return row->kind == OPTION_RATE ? dr_parse_rate(text, &value->number) == DR_OK
                                    : dr_parse_number(text, &value->number);
}

static dr_status read_number(option_value *value, bool dashes)
{
    const option_row *row = value->row;
    char hint[DR_HINT_SIZE];
    double number = 0;
    bool right = parse_number(value) && in_range(row, value->number);
    if (row->kind == OPTION_COUNT)
        right = right && value->number == floor(value->number) && value->number <= MOST_COUNT;
    if (right)
        return DR_OK;
    snprintf(hint, sizeof hint, "%s", dr_number_hint(value->text));
    if (row->kind == OPTION_RATE && dr_parse_number(value->text, &number) && fabs(number) > 1)
        snprintf(hint, sizeof hint, "; did you mean %.40s%%?", value->text);
    return refuse(value, dashes, hint);
}

static dr_status read_word(option_value *value, bool dashes)
{
    char hint[DR_HINT_SIZE];
    const char *const *words = value->row->words;
    for (value->word = 0; words[value->word]; value->word++)
        if (strcmp(words[value->word], value->text) == 0)
            return DR_OK;
    return refuse(value, dashes, dr_hint(hint, value->text, words, dr_list_length(words)));
}

/* Each of the words between commas. */
static dr_status read_words(const option_value *value, bool dashes)
{
    char part[64];
    for (const char *at = value->text; at;) {
        size_t length = strcspn(at, ",");
        snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : sizeof part - 1), at);
        option_value one = {.row = value->row, .text = part};
        DR_TRY(read_word(&one, dashes));
        at = at[length] ? at + length + 1 : NULL;
    }
    return DR_OK;
}

static dr_status read_file(const option_value *value, bool dashes)
{
    const char *const *endings = value->row->words;
    for (size_t i = 0; endings && endings[i]; i++)
        if (strcasecmp(endings[i], option_ending(value->text)) == 0)
            return DR_OK;
    return endings ? refuse(value, dashes, "") : DR_OK;
}

static dr_status read_value(option_value *value, bool dashes)
{
    switch (value->row->kind) {
    case OPTION_WORD:
        return read_word(value, dashes);
    case OPTION_WORDS:
        return read_words(value, dashes);
    case OPTION_RATE:
    case OPTION_NUMBER:
    case OPTION_COUNT:
        return read_number(value, dashes);
    case OPTION_FILE:
        return read_file(value, dashes);
    default:
        return DR_OK;
    }
}

dr_status option_add(option_values *values, const option_row *row, const char *text)
{
    char name[NAME_SIZE], expected[OPTION_EXPECTED_SIZE];
    option_value value = {.row = row, .text = text};
    if (!row->many && option_given(values, row->name))
        return dr_fail(DR_USAGE, "%s is given twice", called(name, row, values->dashes));
    bool may_be_empty =
        row->kind == OPTION_FLAG || row->kind == OPTION_JSON || (row->kind == OPTION_TEXT && option_is_argument(row));
    if (!*text && !may_be_empty)
        return dr_fail(DR_USAGE, "%s is empty: expected %s", called(name, row, values->dashes),
                       option_expected(expected, row));
    DR_TRY(read_value(&value, values->dashes));
    if (!dr_grow((void **)&values->given, &values->capacity, values->count + 1, sizeof *values->given))
        return dr_fail_memory();
    values->given[values->count++] = value;
    return DR_OK;
}

void option_values_free(option_values *values)
{
    free(values->given);
    dr_arena_free(&values->arena);
    *values = (option_values){0};
}

/* ---- Conditions -------------------------------------------------------------------------------------------------- */

static const option_value *find_value(const option_values *values, const char *name, size_t length)
{
    for (size_t i = 0; i < values->count; i++)
        if (strncmp(values->given[i].row->name, name, length) == 0 && !values->given[i].row->name[length])
            return &values->given[i];
    return NULL;
}

/* Whether the condition at the start of a text holds: a name, or name=word|word. */
static bool holds(const option_values *values, const char *condition)
{
    size_t name = strcspn(condition, "= ");
    const option_value *value = find_value(values, condition, name);
    if (!value || condition[name] != '=')
        return value;
    for (const char *word = condition + name; *word && *word != ' ';) {
        size_t length = strcspn(++word, "| ");
        if (strncmp(value->text, word, length) == 0 && !value->text[length])
            return true;
        word += length;
    }
    return false;
}

/* The condition after this one, or NULL. */
static const char *next_condition(const char *condition)
{
    const char *space = strchr(condition, ' ');
    return space ? space + 1 : NULL;
}

/* Writes one condition: "--draws", "--by year", "LAYOUT icio or long". */
static size_t write_condition(char *out, size_t size, const char *condition, bool dashes)
{
    const char *mark = isupper((unsigned char)*condition) ? "" : dashes ? "--" : "'";
    size_t length = (size_t)snprintf(out, size, "%s", mark);
    size_t name = strcspn(condition, "= ");
    length += (size_t)snprintf(out + length, size - length, "%.*s%s", (int)name, condition, *mark == '\'' ? "'" : "");
    for (const char *word = condition + name; *word && *word != ' ';) {
        bool first = *word == '=';
        size_t end = strcspn(++word, "| ");
        const char *before = first ? " " : word[end] == '|' ? ", " : " or ";
        length += (size_t)snprintf(out + length, size - length, "%s%.*s", before, (int)end, word);
        word += end;
    }
    return length;
}

const char *option_conditions(char out[OPTION_EXPECTED_SIZE], const char *conditions, const char *last, bool dashes)
{
    size_t length = 0;
    out[0] = '\0';
    for (const char *at = conditions, *next; at && length + NAME_SIZE < OPTION_EXPECTED_SIZE; at = next) {
        next = next_condition(at);
        length += write_condition(out + length, OPTION_EXPECTED_SIZE - length, at, dashes);
        if (next)
            length += (size_t)snprintf(out + length, OPTION_EXPECTED_SIZE - length, "%s%s%s",
                                       next_condition(next) ? "," : " ", next_condition(next) ? "" : last, " ");
    }
    return out;
}

dr_status option_check_any(const option_values *values, const char *conditions)
{
    char list[OPTION_EXPECTED_SIZE];
    if (!conditions)
        return DR_OK;
    for (const char *at = conditions; at; at = next_condition(at))
        if (holds(values, at))
            return DR_OK;
    return dr_fail(DR_USAGE, "%s%s is needed", next_condition(conditions) ? "one of " : "",
                   option_conditions(list, conditions, "and", values->dashes));
}

static dr_status check_needs(const option_values *values, const option_row *row, const char *needs)
{
    char name[NAME_SIZE], list[OPTION_EXPECTED_SIZE];
    for (const char *at = needs; at; at = next_condition(at))
        if (holds(values, at))
            return DR_OK;
    return needs ? dr_fail(DR_USAGE, "%s needs %s", called(name, row, values->dashes),
                           option_conditions(list, needs, "or", values->dashes))
                 : DR_OK;
}

static dr_status check_excludes(const option_values *values, const option_row *row)
{
    char name[NAME_SIZE], other[NAME_SIZE];
    for (const char *at = row->excludes; at; at = next_condition(at)) {
        size_t length = strcspn(at, "= ");
        if (!holds(values, at))
            continue;
        const option_value *value = find_value(values, at, length);
        bool word = at[length] == '=';
        return dr_fail(DR_USAGE, "%s cannot be combined with %s%s%.60s", called(name, row, values->dashes),
                       called(other, value->row, values->dashes), word ? " " : "", word ? value->text : "");
    }
    return DR_OK;
}

static dr_status missing(const option_values *values, const option_row *row)
{
    char name[NAME_SIZE];
    const char *value = values->dashes && row->value ? row->value : "";
    return dr_fail(DR_USAGE, "%s%s%s is missing: %.*s", called(name, row, values->dashes), *value ? " " : "", value,
                   (int)strcspn(row->help, ";"), row->help);
}

dr_status option_check(const option_values *values)
{
    for (const option_group *group = values->groups; group->rows; group++)
        for (const option_row *row = group->rows; row->name; row++) {
            bool given = option_given(values, row->name);
            if (!given && row->required)
                return missing(values, row);
            if (!given)
                continue;
            DR_TRY(check_needs(values, row, group->needs));
            DR_TRY(check_needs(values, row, row->needs));
            DR_TRY(check_excludes(values, row));
        }
    return DR_OK;
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

bool option_given(const option_values *values, const char *name)
{
    return find_value(values, name, strlen(name)) != NULL;
}

const char *option_text(const option_values *values, const char *name)
{
    const option_value *value = find_value(values, name, strlen(name));
    return value ? value->text : NULL;
}

/* The value given, else that of the default, which may also be words that describe it: then 0. */
static option_value value_of(const option_values *values, const char *name)
{
    const option_value *given = find_value(values, name, strlen(name));
    const option_row *row = given ? given->row : option_find(values->groups, name);
    option_value value = {.row = row, .text = row ? row->fallback : NULL};
    if (given)
        return *given;
    return value.text && read_value(&value, true) == DR_OK ? value : (option_value){.row = row};
}

double option_number(const option_values *values, const char *name)
{
    return value_of(values, name).number;
}

size_t option_word(const option_values *values, const char *name)
{
    return value_of(values, name).word;
}
