#define _GNU_SOURCE /* strdup */
#include "import/places.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/embedded.h"
#include "base/rows.h"

enum { LONGEST = 100, FIRST_FREE = 1000, LAST_FREE = 65000 };

/* ---- Adding ---- */

static dr_status add_place(dr_places *p, const char *code, size_t *place)
{
    int index = dr_names_add(&p->codes, code);
    size_t old = p->id_capacity;
    if (index < 0 || !dr_grow((void **)&p->ids, &p->id_capacity, p->codes.count, sizeof *p->ids))
        return dr_fail_memory();
    for (size_t i = old; i < p->id_capacity; i++)
        p->ids[i] = 0;
    *place = (size_t)index;
    return DR_OK;
}

static void capitals(char to[LONGEST + 1], const char *from)
{
    size_t i = 0;
    for (; from[i] && i < LONGEST; i++)
        to[i] = (char)toupper((unsigned char)from[i]);
    to[i] = '\0';
}

/* The first place that a spelling is given to keeps it. */
static dr_status add_spelling(dr_places *p, const char *spelling, size_t place)
{
    char text[LONGEST + 1];
    capitals(text, spelling);
    size_t count = p->spellings.count;
    int index = dr_names_add(&p->spellings, text);
    if (index < 0 || !dr_grow((void **)&p->place, &p->place_capacity, p->spellings.count, sizeof *p->place))
        return dr_fail_memory();
    if ((size_t)index == count)
        p->place[index] = place;
    return DR_OK;
}

/* ---- What is known ---- */

static dr_status add_aliases(dr_places *p, const char *aliases, size_t place)
{
    while (*aliases) {
        char alias[LONGEST + 1];
        size_t size = strcspn(aliases, "|");
        snprintf(alias, sizeof alias, "%.*s", (int)size, aliases);
        DR_TRY(add_spelling(p, alias, place));
        aliases += size + (aliases[size] == '|');
    }
    return DR_OK;
}

static dr_status take_region(dr_places *p, const dr_csv *csv, const int *columns)
{
    size_t place = 0;
    DR_TRY(add_place(p, dr_csv_field(csv, (size_t)columns[0]), &place));
    for (size_t i = 0; i < 3; i++)
        if (*dr_csv_field(csv, (size_t)columns[i]))
            DR_TRY(add_spelling(p, dr_csv_field(csv, (size_t)columns[i]), place));
    return add_aliases(p, dr_csv_field(csv, (size_t)columns[3]), place);
}

/* A number is also spelt with zeros in front; the first number of an economy is its own. */
static dr_status take_country(dr_places *p, const dr_csv *csv, const int *columns)
{
    const char *code = dr_csv_field(csv, (size_t)columns[0]);
    int place = dr_names_find(&p->codes, dr_csv_field(csv, (size_t)columns[1]));
    char *end = NULL;
    long number = strtol(code, &end, 10);
    if (place < 0)
        return dr_csv_fail(csv, columns[1], "no economy of data/regions.csv");
    DR_TRY(add_spelling(p, code, (size_t)place));
    if (end == code || *end)
        return DR_OK;
    char padded[16];
    snprintf(padded, sizeof padded, "%03ld", number);
    if (p->ids[place] == 0)
        p->ids[place] = (unsigned short)number;
    return add_spelling(p, padded, (size_t)place);
}

static dr_status read_embedded(dr_places *p, const char *file, const char *const *names, size_t count,
                               dr_status (*take)(dr_places *p, const dr_csv *csv, const int *columns))
{
    const dr_embedded *embedded = dr_embedded_find(file);
    dr_csv *csv = NULL;
    int columns[4];
    bool more = false;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/%s", file);
    DR_TRY(dr_csv_open_memory(&csv, file, embedded->bytes, embedded->size));
    dr_status status = dr_csv_header(csv, names, count, columns);
    while (status == DR_OK && (status = dr_csv_record(csv, &more)) == DR_OK && more)
        status = take(p, csv, columns);
    dr_csv_close(csv);
    return status;
}

/* Numbers that this world has given before. */
static dr_status read_world(dr_places *p, const dr_duck *duck)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status =
        dr_cursor_open(&cursor, duck, "SELECT id, code FROM product_region WHERE id >= %d ORDER BY id", FIRST_FREE);
    while (status == DR_OK && (status = dr_cursor_next(&cursor, &more)) == DR_OK && more) {
        size_t place = 0;
        const char *code = dr_cursor_text(&cursor, 1, &texts);
        status = code ? dr_places_find(p, code, &place) : dr_fail_memory();
        if (status == DR_OK) {
            p->ids[place] = (unsigned short)dr_cursor_index(&cursor, 0);
            p->next = (unsigned short)(p->ids[place] + 1);
        }
    }
    dr_cursor_close(&cursor);
    dr_arena_free(&texts);
    return status;
}

dr_status dr_places_read(dr_places *places, const dr_duck *duck)
{
    static const char *const regions[] = {"iso3", "iso2", "name", "aliases"}, *const countries[] = {"code", "iso3"};
    places->next = FIRST_FREE;
    DR_TRY(read_embedded(places, "regions.csv", regions, 4, take_region));
    DR_TRY(read_embedded(places, "products/countries.csv", countries, 2, take_country));
    places->known = places->codes.count;
    return duck ? read_world(places, duck) : DR_OK;
}

/* ---- Finding ---- */

/* Statistics add words to some names: "Germany (until 1990 former territory of the FRG)". */
static int find_spelling(const dr_places *p, const char *code)
{
    char text[LONGEST + 1];
    capitals(text, code);
    int index = dr_names_find(&p->spellings, text);
    char *remark = strstr(text, " (");
    if (index >= 0 || !remark)
        return index;
    *remark = '\0';
    return dr_names_find(&p->spellings, text);
}

dr_status dr_places_find(dr_places *places, const char *code, size_t *place)
{
    int index = find_spelling(places, code);
    if (index >= 0) {
        *place = places->place[index];
        return DR_OK;
    }
    if (!*code || strlen(code) > LONGEST || !dr_utf8(code))
        return dr_fail(DR_BAD_INPUT, "'%.40s' is no code of an economy: 1 to %d bytes of UTF-8 were expected", code,
                       LONGEST);
    DR_TRY(add_place(places, code, place));
    return add_spelling(places, code, *place);
}

dr_status dr_places_id(dr_places *places, size_t place, unsigned short *id)
{
    if (places->ids[place] == 0) {
        if (places->next > LAST_FREE)
            return dr_fail(DR_BAD_INPUT, "more than %d codes of economies that nobody knows", LAST_FREE - FIRST_FREE);
        places->ids[place] = places->next++;
    }
    *id = places->ids[place];
    return DR_OK;
}

void dr_places_free(dr_places *places)
{
    dr_names_free(&places->spellings);
    dr_names_free(&places->codes);
    free(places->place);
    free(places->ids);
    *places = (dr_places){0};
}
