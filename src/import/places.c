#include "import/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sql.h"
#include "import/import_sql.h"

enum { LONGEST = 100, FIRST_FREE = 1000, LAST_FREE = 65000 };

static dr_status give_ids(dr_places *p)
{
    size_t count = p->countries->count + p->strangers.count, old = p->id_capacity;
    if (!dr_grow((void **)&p->ids, &p->id_capacity, count, sizeof *p->ids))
        return dr_fail_memory();
    for (size_t i = old; i < p->id_capacity; i++)
        p->ids[i] = i < p->countries->count ? p->countries->list[i].number : 0;
    return DR_OK;
}

/* Numbers that this world has given before. */
static dr_status read_world(dr_places *p, const dr_duck *duck)
{
    dr_cursor cursor;
    dr_arena texts = {0};
    bool more = false;
    dr_status status =
        dr_sql_open(&cursor, duck, dr_import_sql.products.stored_ids, DR_VALUES(dr_sql_integer("first", FIRST_FREE)));
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
    places->next = FIRST_FREE;
    DR_TRY(dr_countries_read(&places->countries));
    DR_TRY(give_ids(places));
    return duck ? read_world(places, duck) : DR_OK;
}

dr_status dr_places_find(dr_places *places, const char *code, size_t *place)
{
    const dr_country *country = dr_country_find(places->countries, code);
    if (country) {
        *place = (size_t)(country - places->countries->list);
        return DR_OK;
    }
    if (!*code || strlen(code) > LONGEST || !dr_utf8(code))
        return dr_fail(DR_BAD_INPUT, "'%.40s' is not the code of an economy: expected 1 to %d bytes of UTF-8", code,
                       LONGEST);
    int index = dr_names_add(&places->strangers, code);
    if (index < 0)
        return dr_fail_memory();
    *place = places->countries->count + (size_t)index;
    return give_ids(places);
}

const dr_country *dr_places_country(const dr_places *places, size_t place)
{
    return place < places->countries->count ? &places->countries->list[place] : NULL;
}

const char *dr_places_code(const dr_places *places, size_t place)
{
    const dr_country *country = dr_places_country(places, place);
    return country ? country->code : places->strangers.names[place - places->countries->count];
}

dr_status dr_places_id(dr_places *places, size_t place, unsigned short *id)
{
    if (places->ids[place] == 0) {
        if (places->next > LAST_FREE)
            return dr_fail(DR_BAD_INPUT, "more than %d unknown codes of economies", LAST_FREE - FIRST_FREE);
        places->ids[place] = places->next++;
    }
    *id = places->ids[place];
    return DR_OK;
}

const char *dr_places_code_of(const dr_places *places, unsigned id, char digits[16])
{
    snprintf(digits, 16, "%u", id);
    for (size_t i = 0; i < places->countries->count + places->strangers.count; i++)
        if (places->ids[i] == id)
            return dr_places_code(places, i);
    const dr_country *country = dr_country_find(places->countries, digits);
    return country ? country->code : digits;
}

void dr_places_free(dr_places *places)
{
    dr_names_free(&places->strangers);
    free(places->ids);
    *places = (dr_places){0};
}
