#include "estimate/panel.h"

#include <stdlib.h>

#include "base/memory.h"

void dr_panel_free(dr_panel *p)
{
    free(p->start);
    free(p->mu);
    free(p->score);
    free((void *)p->x);
    free(p->pair_mu);
    for (size_t way = 0; way < 2; way++) {
        free(p->effect[way]);
        free(p->time[way]);
        free(p->side[way]);
        free(p->times[way]);
        free(p->side_start[way]);
        free(p->side_pair[way]);
    }
}

static dr_status allocate(dr_panel *p, size_t rows)
{
    p->start = dr_new(p->pairs + 1, sizeof *p->start);
    p->mu = dr_new_doubles(rows);
    p->score = dr_new_doubles(rows);
    p->x = dr_new(rows, sizeof *p->x);
    p->pair_mu = dr_new_doubles(p->pairs);
    bool done = p->start && p->mu && p->score && p->x && p->pair_mu;
    for (size_t way = 0; way < 2; way++) {
        p->effect[way] = dr_new(rows, sizeof **p->effect);
        p->time[way] = dr_new(rows, sizeof **p->time);
        p->side[way] = dr_new(p->pairs, sizeof **p->side);
        p->times[way] = dr_new(p->effects[way], sizeof **p->times);
        p->side_start[way] = dr_new(p->effects[way] + 1, sizeof **p->side_start);
        p->side_pair[way] = dr_new(p->pairs, sizeof **p->side_pair);
        done = done && p->effect[way] && p->time[way] && p->side[way] && p->times[way] && p->side_start[way] &&
               p->side_pair[way];
    }
    return done ? DR_OK : dr_fail_memory();
}

/* The pair of each row of the sample, numbered from 0. Returns how many there are. */
static size_t find_pairs(uint32_t *pair, uint32_t *number, const dr_fitting *f)
{
    const dr_sample *s = f->sample;
    const dr_regression_data *d = f->data;
    const dr_category *of = d->effects == 3 ? &d->effect[2] : d->clusters > 0 ? d->cluster : NULL;
    size_t count = 0;
    for (size_t r = 0; r < s->rows; r++) {
        uint32_t *known = of ? &number[of->level[s->row[r]]] : NULL; /* 1 + its number */
        if (known && *known == 0)
            *known = (uint32_t)++count;
        pair[r] = known ? *known - 1 : (uint32_t)r;
    }
    return of ? count : s->rows;
}

/* Rows by pair, in the order in which the sample has them. */
static void take_rows(dr_panel *p, const dr_fitting *f, const uint32_t *pair)
{
    const dr_sample *s = f->sample;
    dr_levels levels[2] = {dr_sample_levels(s, 0), dr_sample_levels(s, 1)};
    for (size_t r = 0; r < s->rows; r++)
        p->start[pair[r] + 1]++;
    for (size_t i = 0; i < p->pairs; i++) {
        p->most_rows = p->start[i + 1] > p->most_rows ? p->start[i + 1] : p->most_rows;
        p->start[i + 1] += p->start[i];
    }
    for (size_t g = 0; g < s->segments; g++)
        for (size_t r = s->start[g]; r < s->start[g + 1]; r++) {
            uint32_t of = pair[r];
            size_t to = p->start[of]++;
            p->mu[to] = f->w[r];
            p->pair_mu[of] += f->w[r];
            p->score[to] = dr_fitting_score(f, r);
            p->x[to] = f->x + r * f->columns;
            for (size_t way = 0; way < 2; way++)
                p->effect[way][to] = dr_sample_level(s, &levels[way], g, r) + (uint32_t)(way * p->effects[0]);
        }
    for (size_t i = p->pairs; i > 0; i--)
        p->start[i] = p->start[i - 1];
    p->start[0] = 0;
}

/* Joins the levels of an effect that any pair has: parent [levels] becomes a forest with one tree for each exporter
 * (importer). */
static void join(uint32_t *parent, const dr_panel *p, size_t way)
{
    uint32_t offset = (uint32_t)(way * p->effects[0]);
    for (size_t level = 0; level < p->effects[way]; level++)
        parent[level] = (uint32_t)level;
    for (size_t pair = 0; pair < p->pairs; pair++)
        for (size_t r = p->start[pair] + 1; r < p->start[pair + 1]; r++) {
            uint32_t one = dr_sample_find(parent, p->effect[way][r - 1] - offset);
            parent[dr_sample_find(parent, p->effect[way][r] - offset)] = one;
        }
}

/* Numbers exporters and the times of each. */
static dr_status find_sides(dr_panel *p, size_t way)
{
    size_t levels = p->effects[way];
    uint32_t offset = (uint32_t)(way * p->effects[0]);
    uint32_t *parent = dr_new(levels, sizeof *parent), *side = dr_new(levels, sizeof *side);
    uint32_t *time = dr_new(levels, sizeof *time);
    bool done = parent && side && time;
    if (done) {
        join(parent, p, way);
        for (size_t level = 0; level < levels; level++)
            if (parent[level] == level)
                side[level] = (uint32_t)p->sides[way]++;
        for (size_t level = 0; level < levels; level++) {
            size_t of = side[dr_sample_find(parent, (uint32_t)level)];
            time[level] = (uint32_t)p->times[way][of]++;
            p->most_times[way] = p->times[way][of] > p->most_times[way] ? p->times[way][of] : p->most_times[way];
        }
        for (size_t pair = 0; pair < p->pairs; pair++) {
            p->side[way][pair] = side[dr_sample_find(parent, p->effect[way][p->start[pair]] - offset)];
            for (size_t r = p->start[pair]; r < p->start[pair + 1]; r++)
                p->time[way][r] = time[p->effect[way][r] - offset];
        }
    }
    free(parent);
    free(side);
    free(time);
    return done ? DR_OK : dr_fail_memory();
}

static void sort_pairs(dr_panel *p, size_t way)
{
    size_t *start = p->side_start[way];
    for (size_t pair = 0; pair < p->pairs; pair++)
        start[p->side[way][pair] + 1]++;
    for (size_t i = 0; i < p->sides[way]; i++)
        start[i + 1] += start[i];
    for (size_t pair = 0; pair < p->pairs; pair++)
        p->side_pair[way][start[p->side[way][pair]]++] = (uint32_t)pair;
    for (size_t i = p->sides[way]; i > 0; i--)
        start[i] = start[i - 1];
    start[0] = 0;
}

/* Each pair of one exporter and importer, once at any time, and no two pairs of the same. */
static dr_status check(const dr_panel *p, const dr_fitting *f)
{
    bool good = p->sides[0] > 1 && p->sides[1] > 1;
    size_t *seen = dr_new(p->sides[1], sizeof *seen); /* 1 + the exporter last seen with an importer */
    if (!seen)
        return dr_fail_memory();
    for (size_t i = 0; good && i < p->sides[0]; i++)
        for (size_t at = p->side_start[0][i]; at < p->side_start[0][i + 1]; at++) {
            size_t pair = p->side_pair[0][at], importer = p->side[1][pair];
            good = good && seen[importer] != i + 1;
            seen[importer] = i + 1;
            for (size_t q = p->start[pair]; q < p->start[pair + 1]; q++)
                for (size_t r = p->start[pair]; r < q; r++)
                    good = good && p->time[0][q] != p->time[0][r];
        }
    free(seen);
    if (good)
        return DR_OK;
    return dr_fail(DR_BAD_INPUT,
                   "bias correction needs exporter-time, importer-time and directed pair effects, in this order: the "
                   "levels of %s are not each of one exporter and one importer, with one row at a time",
                   f->data->effect[2].name);
}

static dr_status take_pairs(dr_panel *p, const dr_fitting *f)
{
    size_t levels = 1;
    for (size_t e = 0; e < f->data->effects; e++)
        levels = f->data->effect[e].levels > levels ? f->data->effect[e].levels : levels;
    for (size_t c = 0; c < f->data->clusters; c++)
        levels = f->data->cluster[c].levels > levels ? f->data->cluster[c].levels : levels;
    uint32_t *pair = dr_new(f->sample->rows, sizeof *pair), *number = dr_new(levels, sizeof *number);
    dr_status status = pair && number ? DR_OK : dr_fail_memory();
    if (status == DR_OK) {
        p->pairs = find_pairs(pair, number, f);
        status = allocate(p, f->sample->rows);
    }
    if (status == DR_OK)
        take_rows(p, f, pair);
    free(pair);
    free(number);
    return status;
}

dr_status dr_panel_new(dr_panel *panel, const dr_fitting *f)
{
    *panel = (dr_panel){.three_way = f->data->effects == 3};
    for (size_t way = 0; way < 2; way++)
        panel->effects[way] = dr_sample_levels(f->sample, way).count;
    dr_status status = take_pairs(panel, f);
    for (size_t way = 0; status == DR_OK && panel->three_way && way < 2; way++) {
        status = find_sides(panel, way);
        if (status == DR_OK)
            sort_pairs(panel, way);
    }
    if (status == DR_OK && panel->three_way)
        status = check(panel, f);
    if (status != DR_OK)
        dr_panel_free(panel);
    return status;
}
