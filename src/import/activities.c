#include "import/activities.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/classification.h"

/* The sectors of the world by divisions of one revision. */
typedef struct sides {
    dr_account_set *set;
    const dr_classifications *all;
    const dr_classification *isic; /* of the activities */
    bool rev4;                     /* of the world's sectors; else Rev. 3 */
    bool own_codes;                /* the codes of the world may be those of the activities */
    bool (*sectors)[DR_ISIC_DIVISIONS];
} sides;

/* ---- The world's sectors ---- */

/* Rev. 4 by the classification of all sectors, unless the user's file of sectors says otherwise. */
static bool follows_rev4(const dr_layout *layout, const dr_classifications *all, const dr_classification *of)
{
    if (!of || !of->isic_rev4)
        return false;
    for (size_t s = 0; s < layout->sectors.count; s++) {
        const dr_known_sector *known = &all->sectors[dr_classification_code(of, layout->sectors.names[s])->sector];
        if (strcmp(known->isic_rev3, layout->sector_isic[s]) != 0)
            return false;
    }
    return true;
}

static dr_status read_sides(sides *s, dr_account_set *set)
{
    const dr_layout *layout = set->layout;
    *s = (sides){.set = set};
    DR_TRY(dr_classifications_read(&s->all));
    DR_TRY(dr_classification_named(&s->isic, s->all, "isic4"));
    const dr_classification *of = dr_classification_of(s->all, &layout->sectors);
    s->rev4 = follows_rev4(layout, s->all, of);
    s->own_codes = !of || of->isic_rev4;
    if (!(s->sectors = dr_new(layout->sectors.count, sizeof *s->sectors)))
        return dr_fail_memory();
    for (size_t i = 0; i < layout->sectors.count; i++) {
        const char *isic = layout->sector_isic[i];
        if (s->rev4)
            isic = s->all->sectors[dr_classification_code(of, layout->sectors.names[i])->sector].isic_rev4;
        if (*isic)
            (void)dr_isic_read(isic, s->sectors[i]); /* a sector without a code has no divisions */
    }
    return DR_OK;
}

/* ---- Codes ---- */

/* Of all activities, or of some that cut across the classification (the OECD's information industries). */
static bool is_total(const char *code)
{
    static const char *const totals[] = {"TOTAL", "_T",          "T_T",      "DTOTAL", "TOT",
                                         "TTL",   "TOT_NACE_HH", "TOTAL_HH", "_Z",     "DINFO"};
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
        if (strcasecmp(code, totals[i]) == 0)
            return true;
    return false;
}

/* What households have themselves, and its parts (heating, transport), which count only where the sum is not there. */
static int place_of_households(const dr_names *codes, const char *code)
{
    bool part = strncmp(code, "HH_", 3) == 0;
    if (!part && strcmp(code, "HH") != 0)
        return DR_PLACE_UNKNOWN;
    return part && dr_names_find(codes, "HH") >= 0 ? DR_PLACE_OUTSIDE : DR_PLACE_FINAL;
}

static bool within(const bool *part, const bool *whole)
{
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        if (part[d] && !whole[d])
            return false;
    return true;
}

/* The only sector that has all of the divisions. */
static int sector_with(const sides *s, const bool *divisions)
{
    int found = DR_PLACE_UNKNOWN;
    for (size_t i = 0; i < s->set->layout->sectors.count; i++)
        if (within(divisions, s->sectors[i])) {
            if (found >= 0)
                return DR_PLACE_UNKNOWN;
            found = (int)i;
        }
    return found;
}

/* Adds the divisions of a code of the activities' classification; false if it is none. */
static bool add_divisions(dr_activity *a, const sides *s, const char *code)
{
    const dr_known_code *known = dr_classification_code(s->isic, code);
    bool divisions[DR_ISIC_DIVISIONS] = {false};
    if (!known)
        return false;
    const dr_known_sector *sector = &s->all->sectors[known->sector];
    const char *isic = s->rev4 ? sector->isic_rev4 : sector->isic_rev3;
    if (!*isic || !dr_isic_read(isic, divisions))
        return false;
    for (size_t d = 0; d < DR_ISIC_DIVISIONS; d++)
        a->divisions[d] = a->divisions[d] || divisions[d];
    return true;
}

/* The two digits of a division, perhaps with the letter of its section in front, which are passed; -1: none. */
static int pass_division(const char **at)
{
    *at += isalpha((unsigned char)**at) != 0;
    if (!isdigit((unsigned char)(*at)[0]) || !isdigit((unsigned char)(*at)[1]))
        return -1;
    int division = 10 * ((*at)[0] - '0') + (*at)[1] - '0';
    *at += 2;
    return division;
}

/* Divisions from one to another, those that the classification has: 45T98, J59_J60. */
static bool add_range(dr_activity *a, const sides *s, const char *code)
{
    int first = pass_division(&code);
    if (first < 0 || !*code || !strchr("-_T", *code++))
        return false;
    int last = pass_division(&code);
    bool any = false;
    if (last < first || *code)
        return false;
    for (int division = first; division <= last; division++) {
        char one[8];
        snprintf(one, sizeof one, "%02d", division);
        any = add_divisions(a, s, one) || any;
    }
    return any;
}

/* Sections from one to another: G-I, M_N. */
static bool add_sections(dr_activity *a, const sides *s, const char *code)
{
    if (strlen(code) != 3 || !strchr("-_T", code[1]) || code[0] < 'A' || code[2] > 'U' || code[0] > code[2])
        return false;
    bool all = true;
    for (char letter[2] = {code[0], '\0'}; letter[0] <= code[2]; letter[0]++)
        all = add_divisions(a, s, letter) && all;
    return all;
}

/* A part of a division, L68A of L68, which is counted with it. */
static bool add_whole(dr_activity *a, const sides *s, const char *code)
{
    char whole[8];
    size_t length = strlen(code);
    if (length < 3 || length > sizeof whole || !isdigit((unsigned char)code[length - 2]))
        return false;
    snprintf(whole, sizeof whole, "%.*s", (int)length - 1, code);
    return add_divisions(a, s, whole);
}

static dr_status read_code(dr_activity *a, const sides *s, const dr_names *codes, const char *code)
{
    int own = DR_PLACE_UNKNOWN;
    DR_TRY(dr_account_sector(s->set, code, &own));
    bool mapped = dr_names_find(&s->set->from, code) >= 0;
    bool whole = add_divisions(a, s, code) || add_range(a, s, code) || add_sections(a, s, code);
    a->known = whole || add_whole(a, s, code);
    a->place = is_total(code) ? DR_PLACE_OUTSIDE : place_of_households(codes, code);
    a->exact = mapped || (s->own_codes && own >= 0);
    if (a->exact)
        a->place = own;
    else if (a->place == DR_PLACE_UNKNOWN && whole)
        a->place = sector_with(s, a->divisions);
    return DR_OK;
}

/* ---- What counts ---- */

/* Whether activity `a` is counted with `b`, of the same sector: it is part of it, or the same by another code. */
static bool is_part(const dr_activities *of, size_t a, size_t b)
{
    const dr_activity *x = &of->list[a], *y = &of->list[b];
    if (a == b || x->place < 0 || x->place != y->place || !x->known || !y->known || !within(x->divisions, y->divisions))
        return false;
    if (!within(y->divisions, x->divisions))
        return true;
    if (x->exact != y->exact)
        return y->exact;
    int order = strcmp(of->codes.names[a], of->codes.names[b]);
    return !x->exact && order > 0;
}

/* Leaves out what is part of another. */
static dr_status drop_parts(dr_activities *of)
{
    bool *drop = dr_new(of->codes.count, sizeof *drop);
    if (!drop)
        return dr_fail_memory();
    for (size_t a = 0; a < of->codes.count; a++)
        for (size_t b = 0; b < of->codes.count && !drop[a]; b++)
            drop[a] = is_part(of, a, b);
    for (size_t a = 0; a < of->codes.count; a++)
        if (drop[a])
            of->list[a].place = DR_PLACE_OUTSIDE;
    free(drop);
    return DR_OK;
}

/* Whether the activities that are counted have all of the divisions. */
static bool is_covered(const dr_activities *of, const bool *divisions)
{
    bool all[DR_ISIC_DIVISIONS] = {false};
    for (size_t a = 0; a < of->codes.count; a++)
        for (size_t d = 0; d < DR_ISIC_DIVISIONS && of->list[a].place >= 0; d++)
            all[d] = all[d] || of->list[a].divisions[d];
    return within(divisions, all);
}

static dr_status settle(dr_activities *of, const sides *s, const char *path)
{
    char hint[DR_HINT_SIZE];
    const dr_names *sectors = &s->set->layout->sectors;
    for (size_t a = 0; a < of->codes.count; a++) {
        dr_activity *activity = &of->list[a];
        if (activity->place != DR_PLACE_UNKNOWN)
            continue;
        if (!activity->known || !is_covered(of, activity->divisions))
            return dr_fail(
                DR_BAD_INPUT, "%s: %s'%.60s'%s; --concordance maps other sectors to the world's", path,
                activity->known ? "no single sector of the world has all of the activity " : "the world has no sector ",
                of->codes.names[a],
                activity->known
                    ? ""
                    : dr_hint(hint, of->codes.names[a], (const char *const *)sectors->names, sectors->count));
        activity->place = DR_PLACE_OUTSIDE;
    }
    return DR_OK;
}

dr_status dr_activities_place(dr_activities *of, dr_account_set *set, const char *path)
{
    sides s;
    if (!(of->list = dr_new(of->codes.count + 1, sizeof *of->list)))
        return dr_fail_memory();
    dr_status status = read_sides(&s, set);
    for (size_t a = 0; a < of->codes.count && status == DR_OK; a++)
        status = read_code(&of->list[a], &s, &of->codes, of->codes.names[a]);
    if (status == DR_OK)
        status = drop_parts(of);
    if (status == DR_OK)
        status = settle(of, &s, path);
    free(s.sectors);
    return status;
}

void dr_activities_free(dr_activities *of)
{
    dr_names_free(&of->codes);
    free(of->list);
}
