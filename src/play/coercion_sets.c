/* The choice of sets of goods. There are 2^n of them; all single goods and pairs are solved, and of the larger sets
 * those at which two greedy searches arrive, one for leverage and one for harm, in which the loss by a set S is
 * predicted from the solved ones by its expansion to second order:
 *
 *   L(S) = sum over pairs in S of L(pair) - (|S| - 2) sum over goods in S of L(good) */
#include <math.h>
#include <stdlib.h>

#include "play/coercion.h"

/* The number of larger sets that are solved. */
enum { LARGER = 20 };

typedef struct prediction {
    uint64_t set;
    double of, against; /* losses, percent */
} prediction;

double dr_leverage(double loss_of, double loss_against)
{
    return loss_against > 0 ? loss_of / loss_against : loss_of > 0 ? INFINITY : 0;
}

dr_status dr_coercion_add_pairs(dr_scan *scan, size_t goods)
{
    for (size_t j = 0; j < goods; j++)
        for (size_t k = 0; k <= j; k++)
            DR_TRY(dr_scan_add(scan, dr_set_of(j) | dr_set_of(k)));
    return DR_OK;
}

static void add_term(const dr_scan *scan, uint64_t set, double weight, prediction *out)
{
    const dr_set_result *result = dr_scan_find(scan, set);
    if (result->now.why)
        return;
    out->of -= weight * result->now.of;
    out->against -= weight * result->now.against;
}

static prediction predict(const dr_scan *scan, size_t goods, uint64_t set)
{
    prediction out = {.set = set};
    double size = __builtin_popcountll(set);
    for (size_t j = 0; j < goods; j++) {
        if (!(set & dr_set_of(j)))
            continue;
        add_term(scan, dr_set_of(j), 2 - size, &out);
        for (size_t k = 0; k < j; k++)
            if (set & dr_set_of(k))
                add_term(scan, dr_set_of(j) | dr_set_of(k), 1, &out);
    }
    return out;
}

/* The objective of a greedy search: leverage, or harm. */
static double objective_of(const prediction *p, bool by_leverage)
{
    return by_leverage ? dr_leverage(p->of, p->against) : p->of;
}

/* Starts from the best pair and adds the best good until all are in. The sets of three and more goods go to `chain`. */
static void grow(const dr_scan *scan, size_t goods, bool by_leverage, prediction *chain)
{
    prediction best = predict(scan, goods, dr_set_of(0) | dr_set_of(1));
    for (size_t j = 0; j < goods; j++)
        for (size_t k = 0; k < j; k++) {
            prediction pair = predict(scan, goods, dr_set_of(j) | dr_set_of(k));
            best = objective_of(&pair, by_leverage) > objective_of(&best, by_leverage) ? pair : best;
        }
    for (size_t size = 3; size <= goods; size++) {
        prediction next = {0};
        for (size_t j = 0; j < goods; j++) {
            if (best.set & dr_set_of(j))
                continue;
            prediction more = predict(scan, goods, best.set | dr_set_of(j));
            bool better = next.set == 0 || objective_of(&more, by_leverage) > objective_of(&next, by_leverage);
            next = better ? more : next;
        }
        *chain++ = best = next;
    }
}

static int compare_leverage(const void *a, const void *b)
{
    double x = dr_leverage(((const prediction *)a)->of, ((const prediction *)a)->against);
    double y = dr_leverage(((const prediction *)b)->of, ((const prediction *)b)->against);
    return x != y ? (x > y ? -1 : 1) : 0;
}

dr_status dr_coercion_add_larger(dr_scan *scan, size_t goods)
{
    size_t each = goods > 2 ? goods - 2 : 0, first = scan->count;
    prediction *chains = dr_new(2 * each + 1, sizeof *chains);
    if (!chains)
        return dr_fail_memory();
    if (each > 0) {
        grow(scan, goods, true, chains);
        grow(scan, goods, false, chains + each);
    }
    qsort(chains, 2 * each, sizeof *chains, compare_leverage);
    dr_status status = each > 0 ? dr_scan_add(scan, dr_set_all(goods)) : DR_OK;
    for (size_t j = 0; j < 2 * each && status == DR_OK && scan->count < first + LARGER; j++)
        status = dr_scan_add(scan, chains[j].set);
    free(chains);
    return status;
}
