/* The rows of a fit with effects of exporter-time and importer-time as a panel: by pair, which are the levels of the
 * third effect, or without one the clusters, or each row. Of three-way fits each pair is of one exporter and one
 * importer, whose times are the levels of the exporter-time and importer-time effects that their pairs have. */
#ifndef DR_ESTIMATE_PANEL_H
#define DR_ESTIMATE_PANEL_H

#include "estimate/fit.h"

typedef struct dr_panel {
    size_t pairs, most_rows; /* of one pair */
    size_t *start;           /* [pairs + 1] rows */
    double *mu, *score;      /* [row] */
    const double **x;        /* [row][regressor] */
    bool three_way;
    double *pair_mu;     /* [pairs] sum of mu */
    size_t effects[2];   /* levels of exporter-time and importer-time */
    uint32_t *effect[2]; /* [row] level; those of importer-time after those of exporter-time */
    uint32_t *time[2];   /* [row] which of its exporter's (importer's) times it is */
    size_t sides[2];     /* exporters, importers; this and what follows is of three-way fits */
    uint32_t *side[2];   /* [pairs] its exporter, its importer */
    size_t *times[2];    /* [side] */
    size_t most_times[2];
    size_t *side_start[2];  /* [side + 1] */
    uint32_t *side_pair[2]; /* [pairs] by side */
} dr_panel;

/* Errors: as of dr_bias_correct. Free with dr_panel_free. */
dr_status dr_panel_new(dr_panel *panel, const dr_fitting *f);
void dr_panel_free(dr_panel *panel);

#endif
