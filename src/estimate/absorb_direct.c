/* The normal equations of the effects, inverted once for many targets. */
#include <stdlib.h>

#include "base/memory.h"
#include "estimate/absorb.h"
#include "estimate/dense.h"

bool dr_absorb_direct_pays(const dr_sample *s, size_t solutions)
{
    const size_t most = 4000; /* unknowns, 128 MB */
    double n = (double)s->unknowns, work = (double)dr_absorb_work(s);
    return s->unknowns <= most && n * n < work && n * n * n < work * (double)solutions;
}

/* What is added up in a segment. */
typedef struct summing {
    double *z;       /* [unknowns] of w z over its rows; zero between segments */
    size_t *touched; /* [unknowns] which of them have rows in it */
    size_t *last;    /* [unknowns] the last segment that had, counted from 1 */
} summing;

/* A segment adds w z z' of its rows, less that of their mean. */
static void add_segment(double *matrix, const summing *s, const dr_absorb *a, size_t g)
{
    const dr_sample *sample = a->sample;
    size_t n = sample->unknowns, others = sample->others, count = 0;
    for (size_t r = sample->start[g]; r < sample->start[g + 1]; r++) {
        const uint32_t *place = sample->place + r * others;
        const double *factor = sample->factor ? sample->factor + r * others : NULL;
        for (size_t j = 0; j < others; j++) {
            double times = a->w[r] * (factor ? factor[j] : 1);
            if (s->last[place[j]] != g + 1)
                s->touched[count++] = place[j];
            s->last[place[j]] = g + 1;
            s->z[place[j]] += times;
            for (size_t i = 0; i < others; i++)
                matrix[place[j] * n + place[i]] += times * (factor ? factor[i] : 1);
        }
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            matrix[s->touched[i] * n + s->touched[j]] -= s->z[s->touched[i]] * s->z[s->touched[j]] / a->weight[g];
    for (size_t i = 0; i < count; i++)
        s->z[s->touched[i]] = 0;
}

dr_status dr_absorb_direct(double **out, const dr_absorb *a)
{
    size_t n = a->sample->unknowns;
    double *matrix = dr_new_doubles(n * n);
    summing s = {.z = dr_new_doubles(n), .touched = dr_new(n, sizeof *s.touched), .last = dr_new(n, sizeof *s.last)};
    dr_status status = matrix && s.z && s.touched && s.last ? DR_OK : dr_fail_memory();
    for (size_t g = 0; status == DR_OK && g < a->sample->segments; g++)
        add_segment(matrix, &s, a, g);
    if (status == DR_OK)
        status = dr_generalised_inverse(matrix, n);
    free(s.z);
    free(s.touched);
    free(s.last);
    if (status == DR_OK)
        *out = matrix;
    else
        free(matrix);
    return status;
}
