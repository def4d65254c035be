/* dr_concordance: the sectors of one classification in those of another. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/csv.h"
#include "base/embedded.h"
#include "base/table.h"
#include "world/classification.h"
#include "world/isic.h"

/* The sectors of one side. ISIC codes of Rev. 3 and of Rev. 4, "" where there is none. */
typedef struct item {
    const char *code;
    const dr_known_sector *sector; /* NULL: of the Harmonized System */
    const char *name, *isic[2];
    bool divisions[2][DR_ISIC_DIVISIONS];
} item;

typedef struct list {
    item *items;
    size_t count, capacity;
    dr_arena arena;
} list;

typedef struct pairing {
    list from, to;
    bool *shared; /* [from][to]: what one is in of the other */
    dr_table *table;
} pairing;

/* ---- The two sides ----------------------------------------------------------------------------------------------- */

static dr_status add_item(list *side, item one)
{
    if (!dr_grow((void **)&side->items, &side->capacity, side->count + 1, sizeof *side->items))
        return dr_fail_memory();
    for (size_t i = 0; i < 2; i++)
        if (*one.isic[i] && !dr_isic_read(one.isic[i], one.divisions[i]))
            return dr_fail(DR_MACHINE, "'%s' of %s is no code of ISIC", one.isic[i], one.code);
    side->items[side->count++] = one;
    return DR_OK;
}

/* A sector with several codes is written as the first. */
static dr_status take_classification(list *side, const dr_classifications *all, const char *id)
{
    const dr_classification *of = NULL;
    DR_TRY(dr_classification_named(&of, all, id));
    for (size_t i = 0; i < of->count; i++) {
        const dr_known_sector *sector = &all->sectors[of->codes[i].sector];
        bool there = false;
        for (size_t k = 0; k < side->count && !there; k++)
            there = side->items[k].sector == sector;
        if (!there)
            DR_TRY(add_item(side, (item){of->codes[i].code,
                                         sector,
                                         of->codes[i].name,
                                         {sector->isic_rev3, of->isic_rev4 ? sector->isic_rev4 : ""},
                                         {{false}}}));
    }
    return DR_OK;
}

static dr_status take_products(list *side, dr_csv *csv)
{
    static const char *const names[] = {"product", "isic_rev3", "isic_rev4"};
    int columns[3];
    bool more = false;
    DR_TRY(dr_csv_header(csv, names, 3, columns));
    while (true) {
        const char *texts[3];
        DR_TRY(dr_csv_record(csv, &more));
        if (!more)
            return DR_OK;
        for (size_t i = 0; i < 3; i++)
            if (!(texts[i] = dr_arena_text(&side->arena, dr_csv_field(csv, (size_t)columns[i]))))
                return dr_fail_memory();
        DR_TRY(add_item(side, (item){texts[0], NULL, "", {texts[1], texts[2]}, {{false}}}));
    }
}

static dr_status take_hs(list *side)
{
    const dr_embedded *embedded = dr_embedded_find("products/hs-isic.csv");
    dr_csv *csv = NULL;
    if (!embedded)
        return dr_fail(DR_MACHINE, "this derisk was built without data/products/hs-isic.csv");
    DR_TRY(dr_csv_open_memory(&csv, embedded->name, embedded->bytes, embedded->size));
    dr_status status = take_products(side, csv);
    dr_csv_close(csv);
    return status;
}

static void free_side(list *side)
{
    free(side->items);
    dr_arena_free(&side->arena);
}

/* ---- Pairs ------------------------------------------------------------------------------------------------------- */

/* By divisions of Rev. 4 where both have them, else of Rev. 3. */
static bool share_divisions(const item *a, const item *b)
{
    size_t revision = *a->isic[1] && *b->isic[1];
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        if (a->divisions[revision][d] && b->divisions[revision][d])
            return true;
    return false;
}

/* Whether a side has the very same sector. */
static bool is_there(const list *side, const item *one)
{
    for (size_t i = 0; i < side->count; i++)
        if (one->sector && side->items[i].sector == one->sector)
            return true;
    return false;
}

/* Whether a sector that the other side does not have itself shares divisions with one that this side does not have. */
static bool has_free(const list *here, const list *there, const item *one)
{
    for (size_t i = 0; i < there->count; i++)
        if (!is_there(here, &there->items[i]) && share_divisions(one, &there->items[i]))
            return true;
    return false;
}

/* Sectors that both sides have are each other's counterparts. Other sectors have others, and of those that both sides
 * have only if nothing else shares their divisions, as repair (33) is in machinery where that has no other home. */
static bool is_pair(const pairing *p, const item *from, const item *to)
{
    if (from->sector && from->sector == to->sector)
        return true;
    bool has_own = is_there(&p->to, from), is_own = is_there(&p->from, to);
    if ((has_own && is_own) || !share_divisions(from, to))
        return false;
    return (!has_own && !is_own) || (is_own ? !has_free(&p->from, &p->to, from) : !has_free(&p->to, &p->from, to));
}

static void find_pairs(pairing *p)
{
    for (size_t a = 0; a < p->from.count; a++)
        for (size_t b = 0; b < p->to.count; b++)
            p->shared[a * p->to.count + b] = is_pair(p, &p->from.items[a], &p->to.items[b]);
}

static size_t count_to(const pairing *p, size_t a)
{
    size_t count = 0;
    for (size_t b = 0; b < p->to.count; b++)
        count += p->shared[a * p->to.count + b];
    return count;
}

static size_t count_from(const pairing *p, size_t b)
{
    size_t count = 0;
    for (size_t a = 0; a < p->from.count; a++)
        count += p->shared[a * p->to.count + b];
    return count;
}

/* "contains" only if each of its counterparts has no other: else parts of several meet. */
static const char *relation(const pairing *p, size_t a, size_t b)
{
    if (count_to(p, a) == 1)
        return count_from(p, b) == 1 ? "same" : "part of";
    for (size_t k = 0; k < p->to.count; k++)
        if (p->shared[a * p->to.count + k] && count_from(p, k) > 1)
            return "overlaps";
    return "contains";
}

static void add_row(const pairing *p, const item *from, const item *to, const char *is)
{
    size_t row = dr_table_add_row(p->table);
    const char *const texts[] = {from->code,
                                 from->name,
                                 is,
                                 to ? to->code : "",
                                 to ? to->name : "",
                                 to ? to->sector->slug : "",
                                 to ? to->sector->kind : "",
                                 to ? to->sector->isic_rev3 : ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        dr_table_set_text(p->table, row, i, texts[i]);
}

static void add_rows(const pairing *p)
{
    size_t unclear = 0, lost = 0;
    for (size_t a = 0; a < p->from.count; a++) {
        bool overlaps = false;
        for (size_t b = 0; b < p->to.count; b++)
            if (p->shared[a * p->to.count + b]) {
                const char *is = relation(p, a, b);
                add_row(p, &p->from.items[a], &p->to.items[b], is);
                overlaps = overlaps || strcmp(is, "overlaps") == 0;
            }
        if (count_to(p, a) == 0)
            add_row(p, &p->from.items[a], NULL, "none");
        unclear += overlaps;
        lost += count_to(p, a) == 0;
    }
    if (unclear)
        dr_table_add_note(p->table, "%zu of %zu codes overlap with several: which part of each goes where is not known",
                          unclear, p->from.count);
    if (lost)
        dr_table_add_note(p->table, "%zu of %zu codes have no counterpart", lost, p->from.count);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

/* So named that the table is a map for dr_world_aggregate. */
static const dr_column_spec columns[] = {
    {"sector", DR_SHOW_TEXT}, {"sector_name", DR_SHOW_TEXT}, {"relation", DR_SHOW_TEXT}, {"to", DR_SHOW_TEXT},
    {"name", DR_SHOW_TEXT},   {"slug", DR_SHOW_TEXT},        {"kind", DR_SHOW_TEXT},     {"isic_rev3", DR_SHOW_TEXT}};

static dr_status pair_up(pairing *p, const char *from, const char *to)
{
    const dr_classifications *all = NULL;
    DR_TRY(dr_classifications_read(&all));
    DR_TRY(strcmp(from, "hs") == 0 ? take_hs(&p->from) : take_classification(&p->from, all, from));
    DR_TRY(take_classification(&p->to, all, to));
    if (!(p->shared = dr_new(p->from.count * p->to.count, sizeof *p->shared)))
        return dr_fail_memory();
    find_pairs(p);
    DR_TRY(dr_table_new(&p->table, columns, sizeof columns / sizeof *columns));
    dr_table_set_title(p->table, "Concordance of %s to %s", from, to);
    add_rows(p);
    return DR_OK;
}

dr_status dr_concordance(dr_table **out, const char *from, const char *to)
{
    DR_TRY(DR_GIVEN(out, from, to));
    pairing p = {0};
    dr_status status = pair_up(&p, from, to);
    free_side(&p.from);
    free_side(&p.to);
    free(p.shared);
    if (!p.table)
        return status;
    return dr_table_finish(out, p.table, status);
}
