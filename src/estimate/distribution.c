/* Student's t and the normal distribution, as far as tables of estimates need them. */
#include <math.h>

#include "estimate/gravity.h"

/* The continued fraction of the incomplete beta function, DLMF 8.17.22, by Lentz's method (Thompson & Barnett 1986). */
static double beta_fraction(double x, double a, double b)
{
    enum { MOST = 1000 };
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), f = 0;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    f = d;
    for (int m = 1; m < MOST; m++) {
        double change = 1;
        for (int odd = 0; odd < 2; odd++) {
            double even_term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            double odd_term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            double term = odd ? odd_term : even_term;
            d = 1 + term * d;
            c = 1 + term / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            f *= change = c * d;
        }
        if (fabs(change - 1) < 1e-16)
            break;
    }
    return f;
}

/* The regularised incomplete beta function I_x(a, b), DLMF 8.17.2. */
static double beta_part(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double dr_two_sided(double x, double freedom)
{
    if (isnan(x) || isnan(freedom) || freedom <= 0)
        return NAN;
    if (isinf(freedom))
        return erfc(fabs(x) / sqrt(2));
    return beta_part(freedom / (freedom + x * x), freedom / 2, 0.5);
}

/* The upper regularised incomplete gamma function Q(a, x): the series of DLMF 8.11.4, or the continued fraction of
 * 8.9.2 by Lentz's method. */
static double gamma_rest(double a, double x)
{
    enum { MOST = 10000 };
    const double tiny = 1e-300, enough = 1e-16;
    if (x <= 0)
        return 1;
    double front = exp(a * log(x) - x - lgamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int i = 1; i < MOST && term > enough * sum; i++)
            sum += term *= x / (a + i);
        return 1 - front * sum;
    }
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, f = d;
    for (int i = 1; i < MOST; i++) {
        double part = -i * (i - a);
        b += 2;
        d = part * d + b;
        c = b + part / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        f *= c * d;
        if (fabs(c * d - 1) < enough)
            break;
    }
    return front * f;
}

double dr_upper_tail(double x, double first, double second)
{
    if (isnan(x) || isnan(second) || second <= 0 || first <= 0)
        return NAN;
    if (isinf(second))
        return gamma_rest(first / 2, first * x / 2);
    return beta_part(second / (second + first * x), second / 2, first / 2);
}

double dr_critical(double p, double freedom)
{
    double low = 0, high = 1;
    if (isnan(freedom) || freedom <= 0)
        return NAN;
    while (dr_two_sided(high, freedom) > p && high < 1e300)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
        double middle = (low + high) / 2;
        *(dr_two_sided(middle, freedom) > p ? &low : &high) = middle;
    }
    return (low + high) / 2;
}
