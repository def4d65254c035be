/* Categories of a panel: crossings of its columns, and pairs of exporter and importer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estimate/flow_panel.h"

/* Numbers for keys in the order in which they come. */
typedef struct numbering {
    uint64_t *key;
    uint32_t *value; /* + 1; 0: free */
    size_t slots, count;
} numbering;

static bool grow(numbering *n)
{
    numbering larger = {.slots = n->slots ? 2 * n->slots : 1024, .count = n->count};
    larger.key = dr_new(larger.slots, sizeof *larger.key);
    larger.value = dr_new(larger.slots, sizeof *larger.value);
    if (!larger.key || !larger.value) {
        free(larger.key);
        free(larger.value);
        return false;
    }
    for (size_t i = 0; i < n->slots; i++) {
        size_t slot = (size_t)((n->key[i] * 0x9e3779b97f4a7c15u) >> 20) & (larger.slots - 1);
        while (n->value[i] && larger.value[slot])
            slot = (slot + 1) & (larger.slots - 1);
        if (n->value[i]) {
            larger.key[slot] = n->key[i];
            larger.value[slot] = n->value[i];
        }
    }
    free(n->key);
    free(n->value);
    *n = larger;
    return true;
}

/* The key's number, the next if it is new; DR_NO_LEVEL without memory. */
static uint32_t number_of(numbering *n, uint64_t key)
{
    if (2 * n->count >= n->slots && !grow(n))
        return DR_NO_LEVEL;
    size_t slot = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & (n->slots - 1);
    while (n->value[slot] && n->key[slot] != key)
        slot = (slot + 1) & (n->slots - 1);
    if (!n->value[slot]) {
        n->key[slot] = key;
        n->value[slot] = (uint32_t)++n->count;
    }
    return n->value[slot] - 1;
}

/* A number for exporter and importer, the same for both directions unless `directed`, of at most 32 bits each. */
static dr_status pair_keys(uint64_t *key, const dr_flow_panel *p, bool directed, bool one_domestic)
{
    const dr_field *x = &p->field[p->exporter], *m = &p->field[p->importer];
    dr_names names = {0};
    uint32_t *of_exporter = dr_new(x->levels.count + 1, sizeof *of_exporter);
    uint32_t *of_importer = dr_new(m->levels.count + 1, sizeof *of_importer);
    dr_status status = of_exporter && of_importer ? DR_OK : dr_fail_memory();
    for (size_t i = 0; status == DR_OK && i < x->levels.count; i++)
        of_exporter[i] = (uint32_t)dr_names_add(&names, x->levels.names[i]);
    for (size_t i = 0; status == DR_OK && i < m->levels.count; i++)
        of_importer[i] = (uint32_t)dr_names_add(&names, m->levels.names[i]);
    for (size_t row = 0; status == DR_OK && row < p->rows; row++) {
        uint32_t a = x->level[row], b = m->level[row];
        key[row] = UINT64_MAX;
        if (a == DR_NO_LEVEL || b == DR_NO_LEVEL)
            continue;
        a = of_exporter[a];
        b = of_importer[b];
        uint32_t low = directed || a < b ? a : b, high = directed || a < b ? b : a;
        key[row] = a == b && one_domestic ? UINT64_MAX - 1 : (uint64_t)low << 32 | high;
    }
    dr_names_free(&names);
    free(of_exporter);
    free(of_importer);
    return status;
}

/* The number in [0, count) of one name of a crossing, by row. */
static dr_status one_name(uint32_t *level, size_t *count, const dr_flow_panel *p, int bound, bool one_domestic)
{
    if (bound >= 0) {
        memcpy(level, p->field[bound].level, p->rows * sizeof *level);
        *count = p->field[bound].levels.count;
        return DR_OK;
    }
    numbering numbers = {0};
    uint64_t *key = dr_new(p->rows, sizeof *key);
    dr_status status = key ? pair_keys(key, p, bound == DR_BOUND_DIRECTED, one_domestic) : dr_fail_memory();
    for (size_t row = 0; status == DR_OK && row < p->rows; row++) {
        level[row] = key[row] == UINT64_MAX ? DR_NO_LEVEL : number_of(&numbers, key[row]);
        if (level[row] == DR_NO_LEVEL && key[row] != UINT64_MAX)
            status = dr_fail_memory();
    }
    *count = numbers.count;
    free(key);
    free(numbers.key);
    free(numbers.value);
    return status;
}

/* Crosses what is there with one more name. */
static dr_status cross_with(dr_flow_levels *l, const uint32_t *more, size_t rows)
{
    numbering numbers = {0};
    dr_status status = DR_OK;
    for (size_t row = 0; status == DR_OK && row < rows; row++) {
        if (l->level[row] == DR_NO_LEVEL || more[row] == DR_NO_LEVEL) {
            l->level[row] = DR_NO_LEVEL;
            continue;
        }
        l->level[row] = number_of(&numbers, (uint64_t)l->level[row] << 32 | more[row]);
        if (l->level[row] == DR_NO_LEVEL)
            status = dr_fail_memory();
    }
    l->count = numbers.count;
    free(numbers.key);
    free(numbers.value);
    return status;
}

static dr_status first_rows(dr_flow_levels *l, size_t rows)
{
    l->first = dr_new(l->count + 1, sizeof *l->first);
    if (!l->first)
        return dr_fail_memory();
    for (size_t row = rows; row-- > 0;)
        if (l->level[row] != DR_NO_LEVEL)
            l->first[l->level[row]] = row;
    return DR_OK;
}

dr_status dr_flow_panel_cross(dr_flow_levels *out, const dr_flow_panel *p, const dr_crossing *crossing,
                              bool one_domestic)
{
    uint32_t *more = dr_new(p->rows, sizeof *more);
    size_t unused = 0;
    *out = (dr_flow_levels){.level = dr_new(p->rows, sizeof *out->level)};
    dr_status status =
        more && out->level ? one_name(out->level, &out->count, p, crossing->bound[0], one_domestic) : dr_fail_memory();
    for (size_t i = 1; status == DR_OK && i < crossing->names; i++) {
        status = one_name(more, &unused, p, crossing->bound[i], one_domestic);
        if (status == DR_OK)
            status = cross_with(out, more, p->rows);
    }
    free(more);
    return status == DR_OK ? first_rows(out, p->rows) : status;
}

void dr_flow_levels_free(dr_flow_levels *levels)
{
    free(levels->level);
    free(levels->first);
    *levels = (dr_flow_levels){0};
}

static const char *name_of(const dr_flow_panel *p, int field, size_t row)
{
    uint32_t level = p->field[field].level[row];
    return level == DR_NO_LEVEL ? "" : p->field[field].levels.names[level];
}

const char *dr_flow_panel_level_name(char *text, size_t size, const dr_flow_panel *p, const dr_crossing *crossing,
                                     size_t row, bool one_domestic)
{
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < crossing->names && used < size; i++) {
        int bound = crossing->bound[i];
        const char *between = i ? "^" : "";
        if (bound >= 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", between, name_of(p, bound, row));
            continue;
        }
        const char *a = name_of(p, p->exporter, row), *b = name_of(p, p->importer, row);
        bool swapped = bound == DR_BOUND_PAIR && strcmp(a, b) > 0;
        if (one_domestic && strcmp(a, b) == 0)
            used += (size_t)snprintf(text + used, size - used, "%sdomestic", between);
        else
            used += (size_t)snprintf(text + used, size - used, "%s%s-%s", between, swapped ? b : a, swapped ? a : b);
    }
    return text;
}
