/* Formulas that stand for several, which are taken apart as texts: "c(exports, imports) ~ csw(rta, bri) | pair" is
 * exports on rta, exports on rta and bri, imports on rta, imports on both. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "estimate/formula_impl.h"

enum { MOST_FORMULAS = 100, MOST_CHOICES = 50 };

/* A call of one of the words: where it stands, and what it chooses from. */
typedef struct choice {
    size_t from, to; /* bytes of the text */
    bool adds, none; /* one after the other; begins with none of them */
    bool effects;    /* it stands behind the bar */
    size_t count;
    struct {
        size_t from, to;
    } part[MOST_CHOICES];
} choice;

static const struct {
    const char *word;
    bool adds, none;
} words[] = {{"sw", false, false}, {"csw", true, false}, {"sw0", false, true}, {"csw0", true, true}};

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || ((unsigned char)c & 0x80);
}

static dr_status fail_at(const char *text, size_t at, const char *message)
{
    dr_formula_error(&(dr_formula){.text = text}, at, "%s", message);
    return DR_BAD_INPUT;
}

/* The byte after a name in backquotes or a text in quotes that begins here; else here. */
static size_t skip_quoted(const char *text, size_t at)
{
    const char *end = strchr("`'\"", text[at]) && text[at] ? strchr(text + at + 1, text[at]) : NULL;
    return end ? (size_t)(end - text) + 1 : at;
}

/* Takes the parts apart that stand between the bracket at `open` and the one that closes it. */
static dr_status take_parts(choice *c, const char *text, size_t open)
{
    int depth = 0;
    size_t from = open + 1;
    for (size_t at = open; text[at]; at++) {
        size_t after = skip_quoted(text, at);
        at = after > at ? after - 1 : at;
        depth += strchr("([", text[at]) ? 1 : strchr(")]", text[at]) ? -1 : 0;
        if (depth > 0 && !(depth == 1 && text[at] == ','))
            continue;
        if (strspn(text + from, " ") + from >= at)
            return fail_at(text, from, "expected a variable or an effect");
        if (c->count == MOST_CHOICES)
            return fail_at(text, from, "more than 50 steps");
        c->part[c->count].from = from;
        c->part[c->count++].to = at;
        from = at + 1;
        if (depth == 0) {
            c->to = at + 1;
            return DR_OK;
        }
    }
    return fail_at(text, open, "this bracket is not closed");
}

/* Whether a call of the word begins at `at`; *open is its bracket. */
static bool calls(const char *text, size_t at, const char *word, size_t *open)
{
    size_t size = strlen(word);
    if ((at > 0 && in_name(text[at - 1])) || strncmp(text + at, word, size) != 0)
        return false;
    *open = at + size + strspn(text + at + size, " ");
    return text[*open] == '(';
}

/* The first choice of the text; *found is whether there is one. */
static dr_status find_choice(choice *c, const char *text, bool *found)
{
    int depth = 0;
    bool outcome = true, effects = false;
    size_t open = 0, first = strspn(text, " ");
    *found = false;
    for (size_t at = 0; text[at] && !*found; at++) {
        size_t after = skip_quoted(text, at);
        if (after > at) {
            at = after - 1;
            continue;
        }
        depth += strchr("([", text[at]) ? 1 : strchr(")]", text[at]) ? -1 : 0;
        outcome = outcome && text[at] != '~';
        effects = effects || text[at] == '|';
        *c = (choice){.from = at, .effects = effects};
        *found = outcome && at == first && calls(text, at, "c", &open);
        for (size_t i = 0; !outcome && depth == 0 && !*found && i < sizeof words / sizeof *words; i++)
            if ((*found = calls(text, at, words[i].word, &open))) {
                c->adds = words[i].adds;
                c->none = words[i].none;
            }
    }
    return *found ? take_parts(c, text, open) : DR_OK;
}

/* The bytes of the text before and after the choice, without the sign that would have nothing to join. */
static void drop_sign(const choice *c, const char *text, size_t *before, size_t *after)
{
    size_t end = *before;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    size_t next = *after + strspn(text + *after, " ");
    bool plus = end > 0 && text[end - 1] == '+';
    if (!plus && text[next] == '+')
        *after = next + 1;
    else if (plus || c->effects)
        *before = end - 1; /* the plus, or the bar */
}

/* The text with its `k`th choice; the first is none of the parts where there may be none. */
static const char *choose(const choice *c, const char *text, size_t k, dr_arena *arena)
{
    char chosen[DR_FORMULA_MOST_TEXT + 1] = "";
    size_t used = 0, before = c->from, after = c->to;
    if (c->none && k == 0) {
        if (c->effects)
            drop_sign(c, text, &before, &after);
        else
            snprintf(chosen, sizeof chosen, "1");
    } else {
        size_t last = k - c->none;
        for (size_t i = c->adds ? 0 : last; i <= last && used < sizeof chosen; i++)
            used += (size_t)snprintf(chosen + used, sizeof chosen - used, "%s%.*s", used ? " + " : "",
                                     (int)(c->part[i].to - c->part[i].from - strspn(text + c->part[i].from, " ")),
                                     text + c->part[i].from + strspn(text + c->part[i].from, " "));
    }
    return dr_arena_format(arena, "%.*s%s%s", (int)before, text, chosen, text + after);
}

static dr_status expand(char **out, size_t *count, const char *text, dr_arena *arena)
{
    choice c = {0};
    bool found = false;
    if (strlen(text) > DR_FORMULA_MOST_TEXT || *count == MOST_FORMULAS)
        return dr_fail(DR_BAD_INPUT, "formula: it stands for more than %d formulas, or for longer ones than %d bytes",
                       MOST_FORMULAS, DR_FORMULA_MOST_TEXT);
    DR_TRY(find_choice(&c, text, &found));
    if (!found)
        return (out[(*count)++] = dr_arena_text(arena, text)) ? DR_OK : dr_fail_memory();
    for (size_t k = 0; k < c.count + c.none; k++) {
        const char *one = choose(&c, text, k, arena);
        if (!one)
            return dr_fail_memory();
        DR_TRY(expand(out, count, one, arena));
    }
    return DR_OK;
}

dr_status dr_formula_steps(char ***out, size_t *count, const char *text, dr_arena *arena)
{
    *count = 0;
    *out = dr_arena_take(arena, MOST_FORMULAS * sizeof **out);
    if (!*out)
        return dr_fail_memory();
    if (strlen(text) > DR_FORMULA_MOST_TEXT)
        return dr_fail(DR_BAD_INPUT, "formula: %zu bytes; the maximum is %d", strlen(text), DR_FORMULA_MOST_TEXT);
    return expand(*out, count, text, arena);
}
