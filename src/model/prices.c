/* Price indices of the nests: of the bundle of inputs of a sector, and of final demand. */
#include <math.h>

#include "model/model.h"
#include "model/prices.h"

double dr_bundle_price(const dr_model *m, const double *price, size_t n, size_t s)
{
    double sum = 0, power = 1 - m->nests.rho[s], all = m->bundle_share[s * m->stride + n];
    if (all == 0)
        return 1;
    for (size_t k = 0; k < m->sectors; k++) {
        double share = m->input_share[(s * m->sectors + k) * m->stride + n] / all, of_k = price[n * m->sectors + k];
        sum += share * (power == 0 ? log(of_k) : pow(of_k, power));
    }
    return power == 0 ? exp(sum) : pow(sum, 1 / power);
}

double dr_final_price(const dr_model *m, const double *final_share, const double *price, size_t n)
{
    double sum = 0, power = 1 - m->nests.phi;
    for (size_t k = 0; k < m->sectors; k++) {
        double share = final_share[k * m->stride + n], of_k = price[n * m->sectors + k];
        sum += share * (power == 0 ? log(of_k) : pow(of_k, power));
    }
    return power == 0 ? exp(sum) : pow(sum, 1 / power);
}
