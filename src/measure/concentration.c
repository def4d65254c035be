#include "measure/concentration.h"

#include <math.h>

double dr_herfindahl(const double *values, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    for (size_t i = 0; i < count && sum > 0; i++)
        squares += values[i] / sum * (values[i] / sum);
    return sum > 0 ? squares : NAN;
}
