#include "import/tariff_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 8 * 1000000 };

/* ---- The order of rows ---- */

static int compare(const void *a, const void *b)
{
    const dr_tariff_row *x = a, *y = b;
    if (x->importer != y->importer)
        return x->importer < y->importer ? -1 : 1;
    if (x->exporter != y->exporter)
        return x->exporter < y->exporter ? -1 : 1;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    if (x->duty != y->duty)
        return x->duty < y->duty ? -1 : 1;
    if (x->since != y->since)
        return x->since < y->since ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static bool same_goods(const dr_tariff_row *a, const dr_tariff_row *b)
{
    return a->importer == b->importer && a->exporter == b->exporter && a->code == b->code;
}

dr_status dr_tariff_sort(dr_tariff_set *set)
{
    if (set->count > 1)
        qsort(set->rows, set->count, sizeof *set->rows, compare);
    for (size_t i = 1; i < set->count; i++) {
        const dr_tariff_row *a = &set->rows[i - 1], *b = &set->rows[i];
        if (b->once && same_goods(a, b) && a->duty == b->duty && a->since == b->since)
            return dr_fail(DR_BAD_INPUT, "%s:%u: the tariff on these goods is given twice; %s:%u has it, too",
                           set->files.names[b->file], b->line, set->files.names[a->file], a->line);
    }
    return DR_OK;
}

/* ---- Years and days ---- */

/* The number of a day (20180706), by the proleptic Gregorian calendar: Fliegel and van Flandern (1968), Communications
 * of the ACM 11(10). */
static long number_of(int day)
{
    long y = day / 10000, m = day / 100 % 100, d = day % 100, a = (m - 14) / 12;
    return d - 32075 + 1461 * (y + 4800 + a) / 4 + 367 * (m - 2 - a * 12) / 12 - 3 * ((y + 4900 + a) / 100) / 4;
}

/* On how many days of a year a row with dates holds, if another one follows from `next` on (0: none does). */
static long days_in(const dr_tariff_row *row, int next, int year)
{
    long first = number_of(row->since), last = number_of(99991231);
    long begin = number_of(year * 10000 + 101), end = number_of(year * 10000 + 1231);
    if (row->until)
        last = number_of(row->until);
    if (next && number_of(next) - 1 < last)
        last = number_of(next) - 1;
    first = first > begin ? first : begin;
    last = last < end ? last : end;
    return last < first ? 0 : last - first + 1;
}

bool dr_tariff_has_year(const dr_tariff_set *set, int year)
{
    for (size_t i = 0; i < set->count; i++) {
        const dr_tariff_row *row = &set->rows[i];
        if (row->until < 0 ? row->since == year : days_in(row, 0, year) > 0)
            return true;
    }
    return false;
}

/* ---- Rates of a year ---- */

unsigned dr_tariff_short(uint64_t code)
{
    if (code & DR_TARIFF_SECTOR)
        return DR_SECTOR_CODE + (unsigned)(code - DR_TARIFF_SECTOR);
    unsigned digits = (unsigned)(code % 16), number = (unsigned)(code / 16 / 10000);
    return number * 8 + (digits < 6 ? digits : 6);
}

/* The rate of rows of one duty for the same goods, of which the first is given; *next is the row behind them. False:
 * none holds in the year. */
static bool hold(dr_tariff_table *t, size_t row, size_t *next, double *rate)
{
    const dr_tariff_set *set = t->set;
    const dr_tariff_row *rows = set->rows, *first = &rows[row];
    double sum = 0, of_year = 0;
    long days = 0;
    bool there = false;
    for (; row < set->count && same_goods(first, &rows[row]) && rows[row].duty == first->duty; row++) {
        bool follows = row + 1 < set->count && same_goods(first, &rows[row + 1]) && rows[row + 1].duty == first->duty &&
                       rows[row + 1].until >= 0;
        if (rows[row].until >= 0) {
            long held = days_in(&rows[row], follows ? rows[row + 1].since : 0, t->year);
            sum += (double)held * rows[row].rate;
            days += held;
        } else if (rows[row].since == t->of_year[first->importer]) {
            t->twice += there;
            of_year = there && of_year < rows[row].rate ? of_year : rows[row].rate;
            there = true;
        }
    }
    *next = row;
    *rate = days > 0 ? sum / (double)days : of_year;
    return days > 0 || there;
}

/* The first duty that has a rate is the one that holds. */
static bool hold_goods(dr_tariff_table *t, size_t row, size_t *next, double *rate)
{
    const dr_tariff_row *first = &t->set->rows[row];
    bool found = false;
    while (row < t->set->count && same_goods(first, &t->set->rows[row])) {
        double other = 0;
        if (hold(t, row, &row, &other) && !found) {
            *rate = other;
            found = true;
        }
    }
    *next = row;
    return found;
}

/* The sector of the longest code in the list of products that the code begins with. */
static int look_up_sector(const dr_tariff_set *set, unsigned code)
{
    char text[16];
    snprintf(text, sizeof text, "%06u", code / 8);
    for (size_t digits = code % 8; digits >= 2; digits--) {
        text[digits] = '\0';
        int at = dr_names_find(&set->products, text);
        if (at >= 0)
            return set->product_sector[at];
    }
    return -1;
}

dr_status dr_tariff_sector_of(dr_tariff_table *t, unsigned code, int *sector)
{
    if (code & DR_SECTOR_CODE) {
        *sector = t->set->sector_of[code - DR_SECTOR_CODE];
        return DR_OK;
    }
    if (!t->sector_of && !(t->sector_of = dr_new(CODES, sizeof *t->sector_of)))
        return dr_fail_memory();
    if (t->sector_of[code] == 0) {
        int found = look_up_sector(t->set, code);
        t->sector_of[code] = found < 0 ? -1 : found + 1;
    }
    *sector = t->sector_of[code] < 0 ? -1 : t->sector_of[code] - 1;
    return DR_OK;
}

static dr_status add_entry(dr_tariff_table *t, unsigned code, double rate)
{
    int sector = -1;
    DR_TRY(dr_tariff_sector_of(t, code, &sector));
    if (!dr_grow((void **)&t->entries, &t->capacity, t->count + 1, sizeof *t->entries))
        return dr_fail_memory();
    t->entries[t->count++] = (dr_tariff_entry){code, sector, rate};
    return DR_OK;
}

/* Lines of more than six digits are averaged: they follow each other. */
static dr_status fill(dr_tariff_table *t)
{
    const dr_tariff_set *set = t->set;
    const dr_tariff_row *rows = set->rows;
    for (size_t row = 0; row < set->count;) {
        size_t first = row, lines = 0;
        unsigned code = dr_tariff_short(rows[row].code);
        double sum = 0, rate = 0;
        while (row < set->count && rows[row].importer == rows[first].importer &&
               rows[row].exporter == rows[first].exporter && dr_tariff_short(rows[row].code) == code)
            if (hold_goods(t, row, &row, &rate)) {
                sum += rate;
                lines++;
            }
        if (lines == 0)
            continue;
        dr_tariff_slice *slice = &t->slices[rows[first].importer * set->actor_count + rows[first].exporter];
        if (slice->count++ == 0)
            slice->start = t->count;
        t->has[rows[first].importer] = true;
        DR_TRY(add_entry(t, code, sum / (double)lines));
    }
    return DR_OK;
}

static void find_years(dr_tariff_table *t)
{
    for (size_t i = 0; i < t->set->count; i++) {
        const dr_tariff_row *row = &t->set->rows[i];
        if (row->until < 0 && row->since <= t->year && row->since > t->of_year[row->importer])
            t->of_year[row->importer] = row->since;
    }
}

/* ---- Members ---- */

static bool is_actor(const dr_tariff_member *m, const dr_tariff_set *set, const dr_actor *actor)
{
    switch (actor->kind) {
    case DR_ACTOR_COUNTRY:
        return strcmp(set->places.countries->list[actor->index].code, m->country) == 0;
    case DR_ACTOR_REGION:
        return actor->index == m->region;
    case DR_ACTOR_GROUP:
        return m->in[actor->index];
    default:
        return false;
    }
}

static dr_status add_member(dr_tariff_table *t, size_t region, const char *country)
{
    const dr_tariff_set *set = t->set;
    static const dr_actor_kind order[] = {DR_ACTOR_COUNTRY, DR_ACTOR_REGION, DR_ACTOR_GROUP};
    if (!dr_grow((void **)&t->members, &t->member_capacity, t->member_count + 1, sizeof *t->members))
        return dr_fail_memory();
    dr_tariff_member *m = &t->members[t->member_count];
    *m = (dr_tariff_member){region, country, dr_arena_take(&t->arena, (set->actor_count + 1) * sizeof *m->as), 0,
                            dr_arena_take(&t->arena, set->roster.groups.count + 1)};
    if (!m->as || !m->in)
        return dr_fail_memory();
    for (size_t g = 0; *country && g < set->roster.groups.count; g++)
        m->in[g] = dr_roster_has(&set->roster, g, t->year, country);
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t a = 0; a < set->actor_count; a++)
            if (set->actors[a].kind == order[k] && is_actor(m, set, &set->actors[a]))
                m->as[m->count++] = (int)a;
    t->member_count++;
    return DR_OK;
}

/* Every country of a region, and regions without any. */
static dr_status find_members(dr_tariff_table *t, dr_tariff_set *set)
{
    size_t regions = set->places.layout->regions.count;
    bool *met = dr_new(regions, sizeof *met);
    dr_status status = met ? DR_OK : dr_fail_memory();
    for (size_t i = 0; i < set->places.countries->count && status == DR_OK; i++) {
        const dr_country *country = &set->places.countries->list[i];
        int region = DR_PLACE_OUTSIDE;
        if (country->kind != DR_COUNTRY)
            continue;
        status = dr_account_region(&set->places, country->code, &region);
        if (status != DR_OK || region < 0)
            continue;
        met[region] = true;
        status = add_member(t, (size_t)region, country->code);
    }
    for (size_t i = 0; i < regions && status == DR_OK; i++)
        if (!met[i])
            status = add_member(t, i, "");
    free(met);
    return status;
}

dr_status dr_tariff_table_new(dr_tariff_table *t, dr_tariff_set *set, int year)
{
    *t = (dr_tariff_table){.set = set, .year = year};
    t->slices = dr_new(set->actor_count * set->actor_count, sizeof *t->slices);
    t->has = dr_new(set->actor_count, sizeof *t->has);
    t->of_year = dr_new(set->actor_count, sizeof *t->of_year);
    if (!t->slices || !t->has || !t->of_year)
        return dr_fail_memory();
    find_years(t);
    DR_TRY(fill(t));
    return find_members(t, set);
}

void dr_tariff_table_free(dr_tariff_table *t)
{
    free(t->entries);
    free(t->slices);
    free(t->has);
    free(t->of_year);
    free(t->sector_of);
    free(t->members);
    dr_arena_free(&t->arena);
}

/* ---- Looking up ---- */

size_t dr_tariff_most_slices(const dr_tariff_table *t)
{
    size_t most = t->set->roster.groups.count + 2;
    return most * (most + 1);
}

size_t dr_tariff_slices(const dr_tariff_table *t, const dr_tariff_member *importer, const dr_tariff_member *exporter,
                        size_t *list)
{
    const dr_tariff_set *set = t->set;
    size_t count = 0;
    bool inside = set->union_group >= 0 && importer->in[set->union_group] && exporter->in[set->union_group];
    for (size_t a = 0; a < importer->count; a++) {
        const dr_actor *actor = &set->actors[importer->as[a]];
        if (!t->has[importer->as[a]] || (actor->kind == DR_ACTOR_GROUP && exporter->in[actor->index]))
            continue;
        for (size_t b = 0; b <= exporter->count; b++) {
            int of = b < exporter->count ? exporter->as[b] : DR_ACTOR_OF_ALL;
            size_t slice = (size_t)importer->as[a] * set->actor_count + (size_t)of;
            if (t->slices[slice].count > 0 && !(of == DR_ACTOR_OF_ALL && inside))
                list[count++] = slice;
        }
    }
    return count;
}

static const dr_tariff_entry *find_code(const dr_tariff_table *t, const dr_tariff_slice *slice, unsigned code)
{
    size_t low = slice->start, high = slice->start + slice->count, end = high;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->entries[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && t->entries[low].code == code ? &t->entries[low] : NULL;
}

/* The first digits of a code as a code. */
static unsigned cut(unsigned code, unsigned digits)
{
    unsigned unit = digits == 4 ? 100 : 10000;
    return code / 8 / unit * unit * 8 + digits;
}

bool dr_tariff_find(const dr_tariff_table *t, const size_t *list, size_t count, unsigned code, double *rate)
{
    for (size_t i = 0; i < count; i++) {
        const dr_tariff_entry *entry = find_code(t, &t->slices[list[i]], code);
        for (unsigned digits = code & DR_SECTOR_CODE ? 0 : code % 8 - 2; !entry && digits >= 2; digits -= 2)
            entry = find_code(t, &t->slices[list[i]], cut(code, digits));
        if (entry) {
            *rate = entry->rate;
            return true;
        }
    }
    return false;
}

bool dr_tariff_has(const dr_tariff_table *t, const size_t *list, size_t count, unsigned code)
{
    for (size_t i = 0; i < count; i++)
        if (find_code(t, &t->slices[list[i]], code))
            return true;
    return false;
}
