#include "world/countries.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/memory.h"

enum { LONGEST = 120 };

static const char file[] = "countries.csv";

/* The public part is the first member, so that it is the register. */
typedef struct registered {
    dr_countries open;
    dr_country *list;
    size_t capacity;
    dr_names spellings; /* folded */
    struct meaning {
        size_t country;
        const char *borders; /* NULL: its own */
    } * meaning;             /* [spelling] */
    size_t meaning_capacity;
    dr_arena arena;
} registered;

/* ---- Spellings ---- */

/* Latin letters of U+00C0 to U+00FF without their accents; '-' is none. */
static const char plain[] = "AAAAAAACEEEEIIIIDNOOOOO-OUUUUYTSAAAAAAACEEEEIIIIDNOOOOO-OUUUUYTY";

/* The letter or digit at `at` in its folded form, 0 where it is dropped; *size is how many bytes it takes. */
static char fold_letter(const unsigned char *at, size_t *size)
{
    *size = 1;
    if (at[0] >= 'a' && at[0] <= 'z')
        return (char)(at[0] - 'a' + 'A');
    if ((at[0] >= 'A' && at[0] <= 'Z') || (at[0] >= '0' && at[0] <= '9'))
        return (char)at[0];
    if (at[0] == 0xc3 && at[1] >= 0x80 && at[1] <= 0xbf) {
        *size = 2;
        return plain[at[1] - 0x80] == '-' ? '\0' : plain[at[1] - 0x80];
    }
    if (at[0] == 0xe2 && at[1] == 0x80 && at[2]) { /* typographic apostrophes and dashes */
        *size = 3;
        return '\0';
    }
    return at[0] < 0x80 && at[0] != '/' ? '\0' : (char)at[0];
}

/* Capitals without accents, blanks and punctuation; "&" is "and", and an article in front goes. An underscore in front
 * stays ("_X"), and so does a slash ("N/A" is not Namibia). */
static void fold(char to[LONGEST + 1], const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length = 0, size = 1;
    if (strncasecmp(text, "the ", 4) == 0)
        at += 4;
    if (*at == '_')
        to[length++] = '_';
    for (; *at && length + 3 < LONGEST; at += size) {
        char letter = fold_letter(at, &size);
        if (letter)
            to[length++] = letter;
        else if (*at == '&') {
            memcpy(to + length, "AND", 3);
            length += 3;
        }
    }
    to[length] = '\0';
}

/* The first entry that a spelling is given to keeps it. */
static bool add_spelling(registered *r, const char *text, size_t country, const char *borders)
{
    char folded[LONGEST + 1];
    fold(folded, text);
    size_t before = r->spellings.count;
    int index = dr_names_add(&r->spellings, folded);
    if (index < 0 || !dr_grow((void **)&r->meaning, &r->meaning_capacity, r->spellings.count, sizeof *r->meaning))
        return false;
    if (r->spellings.count > before)
        r->meaning[index] = (struct meaning){country, borders};
    return true;
}

/* ---- The file ---- */

enum { CODE, NAME, ISO2, KIND, NUMBERS, ALIASES, BORDERS, COLUMNS };

static bool take_kind(dr_country_kind *out, const char *text)
{
    static const char *const kinds[] = {"country", "territory", "former state", "rest of the world",
                                        "partner not told"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(text, kinds[i]) == 0) {
            *out = (dr_country_kind)i;
            return true;
        }
    return false;
}

/* A number, which is also spelt with zeros in front; the first of an entry is its own. */
static bool take_number(registered *r, const char *text, size_t country, const char *borders)
{
    char padded[16];
    char *end = NULL;
    long number = strtol(text, &end, 10);
    if (!add_spelling(r, text, country, borders))
        return false;
    if (end == text || *end || number < 0 || number > 999)
        return true;
    if (r->list[country].number == 0 && !borders)
        r->list[country].number = (unsigned short)number;
    snprintf(padded, sizeof padded, "%03ld", number);
    return add_spelling(r, padded, country, borders);
}

/* A list of spellings, '|' between. In that of borders each is a code, a blank, and what it stands for. */
static bool take_list(registered *r, const char *list, size_t country, size_t column)
{
    while (*list) {
        size_t size = strcspn(list, "|");
        char *text = (char *)dr_arena_format(&r->arena, "%.*s", (int)size, list);
        char *borders = text && column == BORDERS ? strchr(text, ' ') : NULL;
        if (borders)
            *borders++ = '\0';
        if (!text ||
            !(column == ALIASES ? add_spelling(r, text, country, NULL) : take_number(r, text, country, borders)))
            return false;
        list += size + (list[size] == '|');
    }
    return true;
}

static dr_status take_row(registered *r, const dr_csv *csv, const int *columns)
{
    const char *cells[COLUMNS];
    size_t country = r->open.count;
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = dr_csv_field(csv, (size_t)columns[i]);
    if (!dr_grow((void **)&r->list, &r->capacity, country + 1, sizeof *r->list))
        return dr_fail_memory();
    r->open.list = r->list;
    dr_country *c = &r->list[country];
    *c = (dr_country){.code = dr_arena_text(&r->arena, cells[CODE]), .name = dr_arena_text(&r->arena, cells[NAME])};
    if (!take_kind(&c->kind, cells[KIND]))
        return dr_csv_fail(csv, columns[KIND], "no kind of entry");
    r->open.count++;
    bool taken = c->code && c->name && add_spelling(r, cells[CODE], country, NULL) &&
                 add_spelling(r, cells[NAME], country, NULL) &&
                 (!*cells[ISO2] || add_spelling(r, cells[ISO2], country, NULL));
    for (size_t i = NUMBERS; taken && i < COLUMNS; i++)
        taken = take_list(r, cells[i], country, i);
    return taken ? DR_OK : dr_fail_memory();
}

static dr_status take_rows(registered *r, dr_csv *csv)
{
    static const char *const names[COLUMNS] = {"code", "name", "iso2", "kind", "numbers", "aliases", "borders"};
    int columns[COLUMNS];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, COLUMNS, columns));
    while (true) {
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        DR_TRY(take_row(r, csv, columns));
    }
}

static void free_register(registered *r)
{
    dr_names_free(&r->spellings);
    dr_arena_free(&r->arena);
    free(r->meaning);
    free(r->list);
    free(r);
}

static dr_status read_register(registered **out)
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    registered *r = dr_new(1, sizeof *r);
    dr_status status = r ? dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size) : dr_fail_memory();
    if (status == DR_OK)
        status = take_rows(r, csv);
    dr_csv_close(csv);
    if (status == DR_OK)
        *out = r;
    else if (r)
        free_register(r);
    return status;
}

/* ---- The register ---- */

static registered *kept;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;

dr_status dr_countries_read(const dr_countries **out)
{
    pthread_mutex_lock(&reading);
    dr_status status = kept ? DR_OK : read_register(&kept);
    *out = kept ? &kept->open : NULL;
    pthread_mutex_unlock(&reading);
    return status;
}

__attribute__((destructor)) static void drop_register(void)
{
    if (kept)
        free_register(kept);
}

/* Whether a remark in brackets says only of what time or what parts a name is: "Germany (until 1990 former territory of
 * the FRG)"; and not whose: "Congo (Democratic Republic)". */
static bool is_aside(const char *remark)
{
    static const char *const begins[] = {"until", "from",   "since", "before", "incl",
                                         "excl",  "except", "as of", "under",  "former"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncasecmp(remark, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* A number is spelt with digits only: "1.2" is not Algeria. */
static int find_spelling(const registered *r, const char *text)
{
    char folded[LONGEST + 1];
    fold(folded, text);
    bool number = strspn(folded, "0123456789") == strlen(folded);
    return *folded && (!number || strcmp(folded, text) == 0) ? dr_names_find(&r->spellings, folded) : -1;
}

static const struct meaning *find(const dr_countries *countries, const char *text)
{
    const registered *r = (const registered *)(const void *)countries;
    char name[LONGEST + 1];
    if (strlen(text) >= LONGEST)
        return NULL;
    int index = find_spelling(r, text);
    const char *remark = strstr(text, " (");
    if (index < 0 && remark && is_aside(remark + 2)) {
        snprintf(name, sizeof name, "%.*s", (int)(remark - text), text);
        index = find_spelling(r, name);
    }
    return index < 0 ? NULL : &r->meaning[index];
}

const dr_country *dr_country_find(const dr_countries *countries, const char *text)
{
    const struct meaning *meaning = find(countries, text);
    return meaning ? &countries->list[meaning->country] : NULL;
}

const char *dr_country_borders(const dr_countries *countries, const char *text)
{
    const struct meaning *meaning = find(countries, text);
    return meaning ? meaning->borders : NULL;
}

dr_status dr_countries_undisclosed(bool **out, const dr_names *codes)
{
    const dr_countries *countries = NULL;
    DR_TRY(dr_countries_read(&countries));
    if (!(*out = dr_new(codes->count, sizeof **out)))
        return dr_fail_memory();
    for (size_t i = 0; i < codes->count; i++) {
        const dr_country *country = dr_country_find(countries, codes->names[i]);
        (*out)[i] = country && country->kind == DR_COUNTRY_UNDISCLOSED;
    }
    return DR_OK;
}
