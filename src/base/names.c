#include "base/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

unsigned long long dr_hash(unsigned long long seed, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ at[i]) * 0x100000001b3u;
    return seed;
}

/* The bytes of the UTF-8 sequence at `at`, or 0 if it is none: too long for its code point, a surrogate, or beyond
 * U+10FFFF. */
static size_t sequence(const unsigned char *at)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    unsigned point = size < 2 ? at[0] : at[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        point = point << 6 | (at[i] & 0x3fu);
    }
    return size && point >= least[size] && point <= 0x10ffff && point >> 11 != 0xd800 >> 11 ? size : 0;
}

bool dr_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        size_t size = sequence(at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t slot_of(const dr_names *set, const char *name)
{
    size_t mask = set->slot_count - 1;
    size_t slot = (size_t)dr_hash(DR_HASH_SEED, name, strlen(name)) & mask;
    while (set->slots[slot] && strcmp(set->names[set->slots[slot] - 1], name) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

int dr_names_find(const dr_names *set, const char *name)
{
    return set->slot_count ? set->slots[slot_of(set, name)] - 1 : -1;
}

static bool rehash(dr_names *set)
{
    size_t wanted = set->slot_count ? 2 * set->slot_count : 64;
    int *slots = dr_new(wanted, sizeof *slots);
    if (!slots)
        return false;
    free(set->slots);
    set->slots = slots;
    set->slot_count = wanted;
    for (size_t i = 0; i < set->count; i++)
        set->slots[slot_of(set, set->names[i])] = (int)i + 1;
    return true;
}

int dr_names_add(dr_names *set, const char *name)
{
    int index = dr_names_find(set, name);
    if (index >= 0)
        return index;
    if (2 * (set->count + 1) > set->slot_count && !rehash(set))
        return -1;
    if (!dr_grow((void **)&set->names, &set->capacity, set->count + 1, sizeof *set->names))
        return -1;
    char *copy = strdup(name);
    if (!copy)
        return -1;
    set->names[set->count++] = copy;
    set->slots[slot_of(set, name)] = (int)set->count;
    return (int)set->count - 1;
}

void dr_names_free(dr_names *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->names[i]);
    free(set->names);
    free(set->slots);
    *set = (dr_names){0};
}

enum { LONGEST_WORD = 64 };

/* Twice the edit distance (optimal string alignment: a letter added, dropped or changed, or two neighbours swapped), in
 * which a change of case costs half a change. Both words are at most LONGEST_WORD long. */
static int edit_distance(const char *a, const char *b)
{
    size_t length_b = strlen(b);
    int rows[3][LONGEST_WORD + 1];
    for (size_t j = 0; j <= length_b; j++)
        rows[0][j] = 2 * (int)j;
    for (size_t i = 1; a[i - 1]; i++) {
        int *row = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = 2 * (int)i;
        for (size_t j = 1; j <= length_b; j++) {
            bool same = a[i - 1] == b[j - 1];
            bool case_only = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            row[j] = last[j - 1] + (same ? 0 : case_only ? 1 : 2);
            row[j] = last[j] + 2 < row[j] ? last[j] + 2 : row[j];
            row[j] = row[j - 1] + 2 < row[j] ? row[j - 1] + 2 : row[j];
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 2 < row[j])
                row[j] = before[j - 2] + 2;
        }
    }
    return rows[strlen(a) % 3][length_b];
}

/* Whether one of the two is a part, of four letters or more, of the other. */
static bool contained(const char *a, const char *b)
{
    return (strlen(a) >= 4 && strcasestr(b, a)) || (strlen(b) >= 4 && strcasestr(a, b));
}

const char *dr_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL, *part = NULL;
    size_t length = strlen(word);
    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    int allowed = 2 * (int)(length <= 3 ? 1 : length <= 6 ? 2 : length / 3);
    for (size_t i = 0; i < count; i++) {
        if (strlen(candidates[i]) > LONGEST_WORD)
            continue;
        int distance = strcasecmp(word, candidates[i]) == 0 ? 1 : edit_distance(word, candidates[i]);
        if (distance <= allowed) {
            nearest = candidates[i];
            allowed = distance - 1;
        }
        if (!part && contained(word, candidates[i]))
            part = candidates[i];
    }
    return nearest ? nearest : part;
}

size_t dr_list_length(const char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    return count;
}

const char *dr_hint(char hint[DR_HINT_SIZE], const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = dr_nearest(word, candidates, count);
    hint[0] = '\0';
    if (nearest)
        snprintf(hint, DR_HINT_SIZE, "; did you mean '%s'?", nearest);
    return hint;
}

const char *dr_names_list(char out[DR_NAMES_SIZE], const char *begin, const dr_names *names)
{
    const char more[] = ", ...";
    size_t size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < names->count && size < DR_NAMES_SIZE; i++)
        size += (size_t)snprintf(out + size, DR_NAMES_SIZE - size, "%s%s", i ? ", " : begin, names->names[i]);
    if (size >= DR_NAMES_SIZE)
        memcpy(out + DR_NAMES_SIZE - sizeof more, more, sizeof more);
    return out;
}
