/* The panel of the Advanced Guide to Trade Policy Analysis (Yotov, Piermartini, Monteiro & Larch 2016): trade of 69
 * economies with each other and with themselves in every fourth year from 1986 to 2006. What can be held constant is
 * numbered from 0. */
#ifndef DR_TEST_PANEL_H
#define DR_TEST_PANEL_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/memory.h"
#include "estimate/regression.h"

enum { PANEL_ECONOMIES = 69, PANEL_YEARS = 6, PANEL_ECONOMY_YEARS = PANEL_ECONOMIES * PANEL_YEARS };
enum { PANEL_ROWS = PANEL_ECONOMIES * PANEL_ECONOMY_YEARS, PANEL_PAIRS = PANEL_ECONOMIES * PANEL_ECONOMIES };

/* Variables, in the order of the file. */
enum {
    PANEL_TRADE,
    PANEL_DISTANCE,
    PANEL_CONTIGUITY,
    PANEL_LANGUAGE,
    PANEL_COLONY,
    PANEL_AGREEMENT,
    PANEL_LAG4,
    PANEL_LAG8,
    PANEL_LAG12,
    PANEL_VARIABLES
};

typedef struct panel {
    size_t rows;
    char code[PANEL_ECONOMIES][4];
    uint32_t exporter[PANEL_ROWS], importer[PANEL_ROWS], year[PANEL_ROWS];
    uint32_t exporter_year[PANEL_ROWS], importer_year[PANEL_ROWS];
    uint32_t pair[PANEL_ROWS];        /* the same both ways */
    uint32_t pair_effect[PANEL_ROWS]; /* the same, but one for trade of all economies with themselves */
    double variable[PANEL_VARIABLES][PANEL_ROWS];
} panel;

static inline void panel_need(dr_status status)
{
    if (status == DR_OK)
        return;
    fprintf(stderr, "%s\n", dr_error_text());
    abort();
}

static inline uint32_t panel_economy(panel *p, size_t *count, const char *code)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(p->code[i], code) == 0)
            return (uint32_t)i;
    if (*count == PANEL_ECONOMIES)
        panel_need(dr_fail(DR_BAD_INPUT, "more than %d economies", PANEL_ECONOMIES));
    snprintf(p->code[*count], sizeof p->code[0], "%s", code);
    return (uint32_t)(*count)++;
}

static inline void panel_row(panel *p, dr_csv *csv, const int *columns, size_t *economies)
{
    double year;
    panel_need(dr_csv_number(csv, (size_t)columns[2], &year));
    if (((int)year - 1986) % 4 != 0)
        return;
    size_t r = p->rows++;
    if (r == PANEL_ROWS)
        panel_need(dr_fail(DR_BAD_INPUT, "more than %d rows", PANEL_ROWS));
    uint32_t i = panel_economy(p, economies, dr_csv_field(csv, (size_t)columns[0]));
    uint32_t n = panel_economy(p, economies, dr_csv_field(csv, (size_t)columns[1]));
    uint32_t t = ((uint32_t)year - 1986) / 4;
    p->exporter[r] = i;
    p->importer[r] = n;
    p->year[r] = t;
    p->exporter_year[r] = i * PANEL_YEARS + t;
    p->importer_year[r] = n * PANEL_YEARS + t;
    p->pair[r] = (i < n ? i : n) * PANEL_ECONOMIES + (i < n ? n : i);
    p->pair_effect[r] = i == n ? 0 : p->pair[r];
    for (size_t v = 0; v < PANEL_VARIABLES; v++)
        panel_need(dr_csv_number(csv, (size_t)columns[3 + v], &p->variable[v][r]));
}

/* NULL, with a message, where the file is not there. Free with free(). */
static inline panel *panel_read(void)
{
    static const char *const names[] = {"exporter", "importer", "year", "trade",    "dist",     "cntg",
                                        "lang",     "clny",     "rta",  "rta_lag4", "rta_lag8", "rta_lag12"};
    const char *folder = getenv("DERISK_SHARED");
    char path[4096];
    int columns[sizeof names / sizeof *names];
    snprintf(path, sizeof path, "%s/data/gravity-agtpa/agtpa_applications.csv.gz", folder ? folder : "../shared");
    dr_csv *csv = NULL;
    if (dr_csv_open(&csv, path) != DR_OK) {
        printf("# skipped: %s is not there\n", path);
        return NULL;
    }
    panel *p = dr_new(1, sizeof *p);
    if (!p)
        abort();
    size_t economies = 0;
    bool more = true;
    panel_need(dr_csv_header(csv, names, sizeof names / sizeof *names, columns));
    for (panel_need(dr_csv_next(csv, &more)); more; panel_need(dr_csv_next(csv, &more)))
        panel_row(p, csv, columns, &economies);
    dr_csv_close(csv);
    return p;
}

/* A selection of its rows, ready for a regression. */
typedef struct selection {
    size_t rows;
    double *outcome, *regressor[PANEL_VARIABLES];
    uint32_t *exporter_year, *importer_year, *pair, *pair_effect;
} selection;

static inline selection selection_new(size_t rows)
{
    selection s = {0};
    s.outcome = dr_new_doubles(rows);
    for (size_t v = 0; v < PANEL_VARIABLES; v++)
        s.regressor[v] = dr_new_doubles(rows);
    s.exporter_year = dr_new(rows, sizeof *s.exporter_year);
    s.importer_year = dr_new(rows, sizeof *s.importer_year);
    s.pair = dr_new(rows, sizeof *s.pair);
    s.pair_effect = dr_new(rows, sizeof *s.pair_effect);
    return s;
}

static inline void selection_free(selection *s)
{
    free(s->outcome);
    for (size_t v = 0; v < PANEL_VARIABLES; v++)
        free(s->regressor[v]);
    free(s->exporter_year);
    free(s->importer_year);
    free(s->pair);
    free(s->pair_effect);
}

/* Rows with trade between economies only, or trade above 0 only; trade or its logarithm; distance as its logarithm. */
static inline selection panel_select(const panel *p, bool international, bool positive, bool logarithm)
{
    selection s = selection_new(p->rows);
    for (size_t r = 0; r < p->rows; r++) {
        double trade = p->variable[PANEL_TRADE][r];
        if ((international && p->exporter[r] == p->importer[r]) || (positive && !(trade > 0)))
            continue;
        size_t to = s.rows++;
        s.outcome[to] = logarithm ? log(trade) : trade;
        for (size_t v = 0; v < PANEL_VARIABLES; v++)
            s.regressor[v][to] = v == PANEL_DISTANCE ? log(p->variable[v][r]) : p->variable[v][r];
        s.exporter_year[to] = p->exporter_year[r];
        s.importer_year[to] = p->importer_year[r];
        s.pair[to] = p->pair[r];
        s.pair_effect[to] = p->pair_effect[r];
    }
    return s;
}

#endif
