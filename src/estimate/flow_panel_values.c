/* The value of a bound expression in a row of a panel: its own values, those of the same flow in other years,
 * memberships; and what rows are called. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"
#include "base/relation.h"
#include "estimate/flow_panel_impl.h"

/* ---- Other years of the same flow -------------------------------------------------------------------------------- */

static uint64_t scramble(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The flow of a row, whatever its year. */
static bool same_flow(const dr_flow_panel *p, size_t a, size_t b)
{
    const int fields[] = {p->exporter, p->importer, p->by, p->sector};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i] >= 0 && p->field[fields[i]].level[a] != p->field[fields[i]].level[b])
            return false;
    return true;
}

/* The slot at which the search for a flow in a year begins. */
static size_t slot_of(const dr_flow_panel *p, size_t row, double year)
{
    uint64_t key = (uint64_t)p->field[p->exporter].level[row] << 32 | p->field[p->importer].level[row];
    key = scramble(key + 0x9e3779b97f4a7c15u) ^ (uint64_t)(int64_t)year;
    if (p->by >= 0)
        key ^= (uint64_t)p->field[p->by].level[row] << 40;
    if (p->sector >= 0)
        key = scramble(key ^ (uint64_t)p->field[p->sector].level[row] << 32);
    return (size_t)scramble(key) & (p->index.slots - 1);
}

/* The row of the same flow in that year, or SIZE_MAX; *slot is where it is or would be. */
static size_t find_year(const dr_flow_panel *p, size_t row, double year, size_t *slot)
{
    const double *years = p->field[p->year].number;
    for (*slot = slot_of(p, row, year); p->index.slot[*slot]; *slot = (*slot + 1) & (p->index.slots - 1)) {
        size_t there = p->index.slot[*slot] - 1;
        if (years[there] == year && same_flow(p, row, there))
            return there;
    }
    return SIZE_MAX;
}

enum { MOST_YEAR = 1000000 };

dr_status dr_flow_panel_make_index(dr_flow_panel *p)
{
    char place[200];
    size_t slot = 0;
    for (p->index.slots = 16; p->index.slots < 2 * p->all_rows; p->index.slots *= 2)
        ;
    p->index.slot = dr_new(p->index.slots, sizeof *p->index.slot);
    if (!p->index.slot)
        return dr_fail_memory();
    for (size_t row = 0; row < p->all_rows; row++) {
        double year = p->field[p->year].number[row];
        if (!(fabs(year) <= MOST_YEAR)) /* missing, or out of the filter and of reason */
            continue;
        if (find_year(p, row, year, &slot) != SIZE_MAX)
            return dr_fail(DR_BAD_INPUT,
                           "%s: appears twice%s, so that its lags and leads are ambiguous; --by may "
                           "distinguish the flows",
                           dr_flow_panel_place(place, sizeof place, p, row), p->where ? " in the whole file" : "");
        p->index.slot[slot] = (uint32_t)(row + 1);
    }
    return DR_OK;
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

bool dr_flow_panel_is_domestic(const dr_flow_panel *p, size_t row)
{
    const dr_field *x = &p->field[p->exporter], *m = &p->field[p->importer];
    uint32_t a = x->level[row], b = m->level[row];
    return a != DR_NO_LEVEL && b != DR_NO_LEVEL && strcmp(x->levels.names[a], m->levels.names[b]) == 0;
}

static double of_group(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    const dr_flow_panel_group *g = &p->group[node->bound];
    size_t years = (size_t)g->years;
    uint32_t x = p->field[p->exporter].level[row], m = p->field[p->importer].level[row];
    double y = p->field[p->year].number[row] + shift - g->first;
    if (x == DR_NO_LEVEL || m == DR_NO_LEVEL || !(y >= 0 && y < g->years))
        return NAN;
    if (dr_flow_panel_is_domestic(p, row))
        return 0;
    int members = g->exporter[x * years + (size_t)y] + g->importer[m * years + (size_t)y];
    return node->operation == DR_OP_BOTH ? members == 2 : node->operation == DR_OP_ONE ? members == 1 : members > 0;
}

static double of_name(const dr_flow_panel *p, const dr_node *node, size_t row)
{
    if (node->bound == DR_BOUND_INTERNATIONAL) {
        bool known = p->field[p->exporter].level[row] != DR_NO_LEVEL && p->field[p->importer].level[row] != DR_NO_LEVEL;
        return known ? !dr_flow_panel_is_domestic(p, row) : NAN;
    }
    return p->field[node->bound].number[row];
}

static double of_two(dr_operation operation, double a, double b)
{
    if (isnan(a) || isnan(b))
        return NAN;
    switch (operation) {
    case DR_OP_ADD:
        return a + b;
    case DR_OP_SUBTRACT:
        return a - b;
    case DR_OP_MULTIPLY:
        return a * b;
    case DR_OP_DIVIDE:
        return a / b;
    case DR_OP_LESS:
        return a < b;
    case DR_OP_AT_MOST:
        return a <= b;
    case DR_OP_MORE:
        return a > b;
    case DR_OP_AT_LEAST:
        return a >= b;
    case DR_OP_EQUAL:
        return a == b;
    case DR_OP_POWER:
        return pow(a, b);
    default:
        return a != b;
    }
}

/* Whether an expression is of groups alone, whose dates are known in any year. */
static bool is_dated(const dr_node *node)
{
    return !node || (node->kind != DR_NODE_NAME && is_dated(node->left) && is_dated(node->right));
}

static double value_at(const dr_flow_panel *p, const dr_node *node, size_t row, double shift);

/* Other values are those of the row of the other year. */
static double of_shift(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    size_t slot = 0;
    shift += node->number;
    if (is_dated(node->left))
        return value_at(p, node->left, row, shift);
    size_t there = find_year(p, row, p->field[p->year].number[row] + shift, &slot);
    return there == SIZE_MAX ? NAN : value_at(p, node->left, there, 0);
}

static double value_at(const dr_flow_panel *p, const dr_node *node, size_t row, double shift)
{
    switch (node->kind) {
    case DR_NODE_NUMBER:
        return node->number;
    case DR_NODE_NAME:
        return of_name(p, node, row);
    case DR_NODE_GROUP:
        return of_group(p, node, row, shift);
    case DR_NODE_SHIFT:
        return of_shift(p, node, row, shift);
    case DR_NODE_CALL:
        return dr_operation_of_one(node->operation, value_at(p, node->left, row, shift));
    case DR_NODE_BINARY:
        return of_two(node->operation, value_at(p, node->left, row, shift), value_at(p, node->right, row, shift));
    }
    return NAN;
}

double dr_flow_panel_value(const dr_flow_panel *p, const dr_node *node, size_t row)
{
    return value_at(p, node, row, 0);
}

/* ---- Places ------------------------------------------------------------------------------------------------------ */

static const char *level_of(const dr_flow_panel *p, int field, size_t row)
{
    uint32_t level = field >= 0 ? p->field[field].level[row] : DR_NO_LEVEL;
    return level == DR_NO_LEVEL ? "" : p->field[field].levels.names[level];
}

/* The line of a CSV that a row is; 0 where it cannot be told. */
static size_t line_of(const dr_flow_panel *p, size_t row)
{
    dr_relation relation = {0};
    dr_csv *csv = NULL;
    bool more = true;
    size_t line = 0;
    if (p->where || p->rearranged || p->file_count != 1 || dr_relation_columns(&relation, p->files[0], NULL) != DR_OK ||
        relation.parquet) {
        dr_relation_free(&relation);
        return 0;
    }
    dr_relation_free(&relation);
    dr_status status = dr_csv_open(&csv, p->files[0]);
    if (status == DR_OK)
        status = dr_csv_header(csv, NULL, 0, NULL);
    for (size_t i = 0; i <= row && status == DR_OK && more; i++)
        status = dr_csv_record(csv, &more);
    if (status == DR_OK && more)
        line = dr_csv_line(csv);
    dr_csv_close(csv);
    return line;
}

const char *dr_flow_panel_place(char *text, size_t size, const dr_flow_panel *p, size_t row)
{
    size_t line = line_of(p, row);
    int used = line ? snprintf(text, size, "%.80s:%zu: ", p->files[0], line) : 0;
    if (p->exporter >= 0 && p->importer >= 0)
        used += snprintf(text + used, size - (size_t)used, "%.40s to %.40s", level_of(p, p->exporter, row),
                         level_of(p, p->importer, row));
    else
        used += snprintf(text + used, size - (size_t)used, "row %zu", row + 1);
    if (p->year >= 0 && !isnan(p->field[p->year].number[row]))
        dr_print_text(text + used, size - (size_t)used, " in %g", p->field[p->year].number[row]);
    return text;
}
