/* Errors that are correlated within a distance (Conley 1999, "GMM estimation with cross sectional dependence", Journal
 * of Econometrics 92): the scores of a place are added up, and those of all places within the cutoff multiplied. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "estimate/variance.h"

typedef struct spot {
    double latitude, longitude; /* radians */
    size_t row;
} spot;

typedef struct spots {
    const dr_fitting *f;
    size_t n, count;
    spot *spot;     /* [rows], then one for each place, by latitude */
    double *scores; /* [count][n] */
} spots;

static int by_latitude(const void *a, const void *b)
{
    const spot *x = a, *y = b;
    if (x->latitude != y->latitude)
        return x->latitude < y->latitude ? -1 : 1;
    if (x->longitude != y->longitude)
        return x->longitude < y->longitude ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static dr_status read_spots(spots *s)
{
    const dr_sample *sample = s->f->sample;
    const dr_regression_data *d = s->f->data;
    const double degree = M_PI / 180;
    for (size_t r = 0; r < sample->rows; r++) {
        double latitude = d->place[0][sample->row[r]], longitude = d->place[1][sample->row[r]];
        if (!(fabs(latitude) <= 90 && fabs(longitude) <= 360))
            return dr_fail(DR_BAD_INPUT,
                           "row %u: latitude %g and longitude %g; expected degrees, -90 to 90 and -180 to 180",
                           sample->row[r] + 1, latitude, longitude);
        s->spot[r] = (spot){latitude * degree, longitude * degree, r};
    }
    qsort(s->spot, sample->rows, sizeof *s->spot, by_latitude);
    return DR_OK;
}

/* The scores of rows at the same place, added. */
static void add_scores(spots *s)
{
    for (size_t i = 0; i < s->f->sample->rows; i++) {
        size_t r = s->spot[i].row;
        const spot *last = s->count > 0 ? &s->spot[s->count - 1] : NULL;
        if (!last || last->latitude != s->spot[i].latitude || last->longitude != s->spot[i].longitude)
            s->spot[s->count++] = s->spot[i];
        double score = dr_fitting_score(s->f, r);
        for (size_t k = 0; k < s->n; k++)
            s->scores[(s->count - 1) * s->n + k] += s->f->x[r * s->n + k] * score;
    }
}

/* The haversine formula, in radians of arc. */
static double arc(const spot *a, const spot *b)
{
    double north = sin((a->latitude - b->latitude) / 2), east = sin((a->longitude - b->longitude) / 2);
    return 2 * asin(fmin(1, sqrt(north * north + cos(a->latitude) * cos(b->latitude) * east * east)));
}

static void add_pair(double *meat, const spots *s, size_t a, size_t b)
{
    for (size_t k = 0; k < s->n; k++)
        for (size_t l = 0; l < s->n; l++) {
            double product = s->scores[a * s->n + k] * s->scores[b * s->n + l];
            meat[k * s->n + l] += product;
            if (a != b)
                meat[l * s->n + k] += product;
        }
}

dr_status dr_conley_meat(double *meat, const dr_fitting *f)
{
    const double radius = 6371; /* kilometres, the mean */
    double reach = f->options.cutoff / radius;
    spots s = {.f = f,
               .n = f->columns,
               .spot = dr_new(f->sample->rows, sizeof *s.spot),
               .scores = dr_new_doubles(f->sample->rows * f->columns)};
    dr_status status = s.spot && s.scores ? read_spots(&s) : dr_fail_memory();
    if (status == DR_OK)
        add_scores(&s);
    for (size_t a = 0; status == DR_OK && a < s.count; a++)
        for (size_t b = a; b < s.count && s.spot[b].latitude - s.spot[a].latitude <= reach; b++)
            if (a == b || arc(&s.spot[a], &s.spot[b]) <= reach)
                add_pair(meat, &s, a, b);
    free(s.spot);
    free(s.scores);
    return status;
}
