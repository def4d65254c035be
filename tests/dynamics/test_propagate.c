/* Propagation: nothing happens without a shock, or where nothing flows; goods are conserved; a stop that ends is
 * forgotten; inventories run down as a closed form says; and all of it is what plain loops over the equations of
 * docs/propagate.md give. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dynamics/propagate.h"
#include "support/synthetic.h"

static void ok(dr_status status)
{
    if (status != DR_OK)
        fail_msg("%s", dr_error_text());
}

static void near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within * (1 + fabs(b))))
        fail_msg("%.17g and %.17g differ by %.3g", a, b, a - b);
}

/* A random table of r regions and s sectors, with names A0.. and s0.., and a shock without stops. */
typedef struct setting {
    synthetic y;
    dr_economy *names;
    dr_matrix *table;
    dr_shock *shock;
    dr_dynamics d;
} setting;

static setting begin(size_t r, size_t s, unsigned long long seed)
{
    setting t = {.y = synthetic_new(r, s, seed, false, true)};
    size_t size = r * s;
    double *inputs = synthetic_numbers(size * size), *final = synthetic_numbers(size * r);
    for (size_t i = 0; i < size * size; i++)
        inputs[i] = synthetic_random(&seed) / (double)size;
    for (size_t i = 0; i < size * r; i++)
        final[i] = synthetic_random(&seed);
    t.names = synthetic_economy(&t.y);
    ok(dr_matrix_new(&t.table, r, s, inputs, final));
    ok(dr_shock_new(&t.shock, t.names));
    free(inputs);
    free(final);
    return t;
}

static void end(setting *t)
{
    dr_dynamics_free(&t->d);
    dr_shock_free(t->shock);
    dr_matrix_free(t->table);
    dr_economy_free(t->names);
    synthetic_free(&t->y);
}

/* What region `by` sells of sector k to region `to` stops. */
static dr_stop *stop(setting *t, size_t by, size_t to, size_t k)
{
    dr_stop *stop = NULL;
    ok(dr_shock_add(&stop, t->shock));
    stop->by[by] = stop->to[to] = stop->sectors[k] = true;
    return stop;
}

static void start(setting *t, size_t days)
{
    ok(dr_dynamics_new(&t->d, t->table, t->shock, days));
}

static void run(setting *t, size_t steps)
{
    for (size_t i = 0; i < steps; i++)
        dr_dynamics_step(&t->d, 1 + (double)i * t->d.days);
}

static void nothing_has_changed(const setting *t)
{
    assert_memory_equal(t->d.output, t->d.base, t->d.size * sizeof *t->d.base);
    assert_memory_equal(t->d.final_use, t->d.final_need, t->d.sectors * t->d.regions * sizeof *t->d.final_use);
    for (size_t i = 0; i < t->d.sectors * t->d.size; i++)
        near(t->d.stock[i], t->d.target[i], 0);
}

static void no_shock_no_change(void **state)
{
    (void)state;
    for (size_t days = 1; days <= 7; days += 6) {
        setting t = begin(4, 5, 1);
        start(&t, days);
        run(&t, 100);
        nothing_has_changed(&t);
        end(&t);
    }
}

static void what_nobody_buys_cannot_be_missed(void **state)
{
    (void)state;
    setting t = begin(3, 4, 2);
    size_t size = t.table->size;
    for (size_t s = 0; s < 4; s++)
        t.table->inputs[2 * size + 1 * 4 + s] = 0; /* sector 2 of region 0, to all sectors of region 1 */
    t.table->final[2 * 3 + 1] = 0;
    stop(&t, 0, 1, 2);
    start(&t, 1);
    run(&t, 50);
    nothing_has_changed(&t);
    end(&t);
}

static void a_stop_of_nothing_is_none(void **state)
{
    (void)state;
    setting t = begin(3, 4, 3);
    stop(&t, 0, 1, 2)->cut = 0;
    start(&t, 1);
    run(&t, 50);
    nothing_has_changed(&t);
    end(&t);
}

/* What is made of each product goes to final users and into inventories, and these give out what is used. */
static void goods_are_conserved(void **state)
{
    (void)state;
    setting t = begin(4, 5, 4);
    dr_dynamics *d = &t.d;
    stop(&t, 0, 1, 2);
    stop(&t, 2, 1, 2)->cut = 0.5;
    stop(&t, 3, 1, 2);
    stop(&t, 1, 3, 0)->days = 30;
    start(&t, 1);
    double *before = synthetic_numbers(d->sectors * d->size), worst = 0, lowest = 1;
    for (size_t step = 0; step < 200; step++) {
        memcpy(before, d->stock, d->sectors * d->size * sizeof *before);
        dr_dynamics_step(d, 1 + (double)step);
        for (size_t k = 0; k < d->sectors; k++) {
            double made = 0, gone = 0;
            for (size_t i = 0; i < d->regions; i++) {
                made += d->output[i * d->sectors + k];
                gone += d->final_use[k * d->regions + i];
            }
            for (size_t column = 0; column < d->size; column++) {
                size_t at = k * d->size + column;
                double use = fmin(d->need[at] * d->output[column] / d->base[column], before[at] * 365);
                gone += use + 365 * (d->stock[at] - before[at]);
                assert_true(d->stock[at] >= 0);
            }
            near(gone, made, 1e-12);
        }
        worst = fmax(worst, dr_dynamics_residual(d));
        for (size_t row = 0; row < d->size; row++)
            lowest = fmin(lowest, d->output[row] / d->base[row]);
    }
    assert_true(worst < 1e-12);
    assert_true(dr_dynamics_inventory_residual(d) < 1e-14);
    assert_true(lowest < 0.95);
    free(before);
    end(&t);
}

static void a_stop_that_ends_is_forgotten(void **state)
{
    (void)state;
    setting t = begin(4, 5, 5);
    dr_stop *s = stop(&t, 0, 1, 2);
    double lowest = 1;
    s->days = 60;
    s->recovery = 30;
    t.shock->coping.inventories[2] = 10;
    start(&t, 1);
    for (size_t day = 1; day <= 8000; day++) {
        dr_dynamics_step(&t.d, (double)day);
        for (size_t row = 0; row < t.d.size; row++)
            lowest = fmin(lowest, t.d.output[row] / t.d.base[row]);
    }
    assert_true(lowest < 0.9);
    for (size_t row = 0; row < t.d.size; row++)
        near(t.d.output[row], t.d.base[row], 1e-9);
    for (size_t i = 0; i < t.d.sectors * t.d.size; i++)
        near(t.d.stock[i], t.d.target[i], 1e-9);
    end(&t);
}

/* Region 1 makes its good of region 0's alone. When that stops for good, inventories of n days last until psi n days
 * are left; from then on output is their part of that, and they fall by 1 / (psi n) a day. */
static void inventories_run_down(void **state)
{
    (void)state;
    const double inputs[] = {0, 5, 0, 0}, final[] = {10, 0, 0, 8};
    dr_matrix *table = NULL;
    setting t = begin(2, 1, 6);
    ok(dr_matrix_new(&table, 2, 1, inputs, final));
    dr_matrix_free(t.table);
    t.table = table;
    stop(&t, 0, 1, 0);
    t.shock->coping.inventories[0] = 10;
    start(&t, 1);
    double days = 10;
    for (size_t day = 1; day <= 100; day++) {
        double expected = fmin(1, days / 8);
        dr_dynamics_step(&t.d, (double)day);
        near(t.d.output[1], 8 * expected, 1e-12);
        assert_int_equal(t.d.held_by[1], expected < 1 ? 0 : DR_HELD_BY_DEMAND);
        days -= expected;
    }
    near(t.d.output[0], 10, 1e-12); /* what it sold to region 1 is not ordered any more */
    end(&t);
}

static void any_number_of_threads_gives_the_same(void **state)
{
    (void)state;
    double *first = NULL;
    for (int threads = 1; threads <= 3; threads++) {
        setting t = begin(5, 6, 7);
        stop(&t, 0, 1, 2);
        start(&t, 1);
        t.d.threads = threads; /* small as the table is */
        run(&t, 60);
        if (!first) {
            first = synthetic_numbers(t.d.size);
            memcpy(first, t.d.output, t.d.size * sizeof *first);
        }
        assert_memory_equal(first, t.d.output, t.d.size * sizeof *first);
        end(&t);
    }
    free(first);
}

/* ---- The equations, in plain loops ------------------------------------------------------------------------------- */

typedef struct plain {
    size_t r, s;
    double days;
    double *x0, *x, *alpha, *demand, *intact; /* [i, s] */
    double *need, *stock, *order;             /* [k, n, u] */
    double *flow;                             /* [i, k, n, u]: what is ordered, then what is delivered */
    double *final;                            /* [i, k, n] the same */
} plain;

static double table_z(const setting *t, size_t i, size_t k, size_t n, size_t u)
{
    return t->table->inputs[(i * t->d.sectors + k) * t->d.size + n * t->d.sectors + u];
}

static double table_f(const setting *t, size_t i, size_t k, size_t n)
{
    return t->table->final[(i * t->d.sectors + k) * t->d.regions + n];
}

/* What a stop takes, on the average of the step's days. */
static double plain_share(const setting *t, const dr_stop *s, double day)
{
    double sum = 0;
    for (int ahead = 0; ahead < (int)t->d.days; ahead++) {
        double at = day + ahead, over = (at + 1 - s->from - s->days) / (s->recovery + 1), left = 1 - over;
        if (s->shape == DR_RECOVERY_LATE)
            left = 1 - pow(over, 2);
        if (s->shape == DR_RECOVERY_S_SHAPED)
            left = 1 - 3 * pow(over, 2) + 2 * pow(over, 3);
        if (at >= s->from && at < s->from + s->days)
            sum += s->cut;
        else if (at >= s->from && at < s->from + s->days + s->recovery)
            sum += s->cut * left;
    }
    return sum / t->d.days;
}

/* What is not stopped of what i sells of k to n. */
static double plain_open(const setting *t, size_t i, size_t k, size_t n, double day)
{
    double open = 1;
    for (size_t j = 0; j < t->shock->count; j++) {
        const dr_stop *s = &t->shock->stops[j];
        if (!s->production && s->by[i] && s->to[n] && s->sectors[k] && i != n)
            open *= 1 - plain_share(t, s, day);
    }
    return open;
}

/* What is left of the capacity of sector k of i. */
static double plain_intact(const setting *t, size_t i, size_t k, double day)
{
    double intact = 1;
    for (size_t j = 0; j < t->shock->count; j++) {
        const dr_stop *s = &t->shock->stops[j];
        if (s->production && s->by[i] && s->sectors[k])
            intact *= 1 - plain_share(t, s, day);
    }
    return intact;
}

static size_t at3(const plain *p, size_t k, size_t n, size_t u)
{
    return (k * p->r + n) * p->s + u;
}

static size_t at4(const plain *p, size_t i, size_t k, size_t n, size_t u)
{
    return ((i * p->s + k) * p->r + n) * p->s + u;
}

static plain plain_new(const setting *t)
{
    size_t r = t->d.regions, s = t->d.sectors;
    plain p = {r,
               s,
               t->d.days,
               synthetic_numbers(r * s),
               synthetic_numbers(r * s),
               synthetic_numbers(r * s),
               synthetic_numbers(r * s),
               synthetic_numbers(r * s),
               synthetic_numbers(s * r * s),
               synthetic_numbers(s * r * s),
               synthetic_numbers(s * r * s),
               synthetic_numbers(r * s * r * s),
               synthetic_numbers(r * s * r)};
    for (size_t i = 0; i < r; i++)
        for (size_t k = 0; k < s; k++) {
            p.alpha[i * s + k] = 1;
            for (size_t n = 0; n < r; n++) {
                p.x0[i * s + k] += table_f(t, i, k, n);
                for (size_t u = 0; u < s; u++) {
                    p.x0[i * s + k] += table_z(t, i, k, n, u);
                    p.need[at3(&p, k, n, u)] += table_z(t, i, k, n, u);
                }
            }
        }
    for (size_t k = 0; k < s; k++)
        for (size_t at = k * r * s; at < (k + 1) * r * s; at++) {
            p.stock[at] = p.need[at] * fmax(t->shock->coping.inventories[k], p.days / t->shock->coping.caution) / 365;
            p.order[at] = p.need[at];
        }
    return p;
}

static void plain_free(plain *p)
{
    double *arrays[] = {p->x0, p->x, p->alpha, p->demand, p->intact, p->need, p->stock, p->order, p->flow, p->final};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
}

/* Orders, of every seller, of every buyer. */
static void plain_orders(plain *p, const setting *t, double day)
{
    memset(p->demand, 0, p->r * p->s * sizeof *p->demand);
    for (size_t row = 0; row < p->r * p->s; row++)
        p->intact[row] = plain_intact(t, row / p->s, row % p->s, day);
    for (size_t k = 0; k < p->s; k++)
        for (size_t n = 0; n < p->r; n++)
            for (size_t u = 0; u <= p->s; u++) { /* the last is final users */
                double all = 0, left = 0;
                for (size_t i = 0; i < p->r; i++) {
                    double base = u < p->s ? table_z(t, i, k, n, u) : table_f(t, i, k, n);
                    all += base;
                    left += base * plain_open(t, i, k, n, day);
                }
                for (size_t i = 0; i < p->r; i++) {
                    double base = u < p->s ? table_z(t, i, k, n, u) : table_f(t, i, k, n);
                    double share = left > 0 ? base * plain_open(t, i, k, n, day) / left *
                                                  (left + t->shock->coping.redirect * (all - left)) / all
                                            : 0;
                    double order = share * (u < p->s ? p->order[at3(p, k, n, u)] : all);
                    *(u < p->s ? &p->flow[at4(p, i, k, n, u)] : &p->final[(i * p->s + k) * p->r + n]) = order;
                    p->demand[i * p->s + k] += order;
                }
            }
}

static double plain_possible(const plain *p, size_t row)
{
    return fmin(p->demand[row], p->alpha[row] * p->intact[row] * p->x0[row]);
}

static double plain_target(const plain *p, const setting *t, size_t k, size_t n, size_t u)
{
    const dr_coping *c = &t->shock->coping;
    return p->need[at3(p, k, n, u)] * fmax(c->inventories[k], p->days / c->caution) / 365;
}

static void plain_produce(plain *p, const setting *t)
{
    const dr_coping *c = &t->shock->coping;
    for (size_t n = 0; n < p->r; n++)
        for (size_t u = 0; u < p->s; u++) {
            size_t row = n * p->s + u;
            p->x[row] = plain_possible(p, row);
            for (size_t k = 0; k < p->s; k++)
                if (p->need[at3(p, k, n, u)] > 0 && p->need[at3(p, k, n, u)] >= c->essential * p->x0[row])
                    p->x[row] = fmin(p->x[row], p->x0[row] * p->stock[at3(p, k, n, u)] /
                                                    (c->caution * plain_target(p, t, k, n, u)));
        }
}

static void plain_deliver(plain *p, const setting *t)
{
    const dr_coping *c = &t->shock->coping;
    for (size_t k = 0; k < p->s; k++)
        for (size_t n = 0; n < p->r; n++)
            for (size_t u = 0; u < p->s; u++) {
                size_t at = at3(p, k, n, u), row = n * p->s + u;
                double in = 0, use = fmin(p->need[at] * p->x[row] / p->x0[row], p->stock[at] * 365 / p->days);
                for (size_t i = 0; i < p->r; i++)
                    in += p->flow[at4(p, i, k, n, u)] * p->x[i * p->s + k] / p->demand[i * p->s + k];
                p->stock[at] += p->days / 365 * (in - use);
                p->order[at] =
                    fmax(0, p->need[at] * plain_possible(p, row) / p->x0[row] +
                                365 / fmax(c->restock, p->days) * (plain_target(p, t, k, n, u) - p->stock[at]));
            }
    for (size_t row = 0; row < p->r * p->s; row++) {
        double aim = fmin(fmax(p->demand[row] / p->x0[row], 1), c->overproduction);
        p->alpha[row] += fmin(1, p->days / c->expansion) * (aim - p->alpha[row]);
    }
}

static void compare(setting *t, size_t days, size_t steps)
{
    start(t, days);
    plain p = plain_new(t);
    double lowest = 1;
    for (size_t step = 0; step < steps; step++) {
        double day = 1 + (double)(step * days);
        dr_dynamics_step(&t->d, day);
        plain_orders(&p, t, day);
        plain_produce(&p, t);
        plain_deliver(&p, t);
        for (size_t row = 0; row < t->d.size; row++) {
            near(t->d.output[row], p.x[row], 1e-10);
            lowest = fmin(lowest, p.x[row] / p.x0[row]);
        }
        for (size_t i = 0; i < t->d.sectors * t->d.size; i++)
            near(t->d.stock[i], p.stock[i], 1e-10);
    }
    assert_true(lowest < 0.95);
    plain_free(&p);
    end(t);
}

static void plain_loops_agree(void **state)
{
    (void)state;
    for (unsigned long long seed = 10; seed < 16; seed++) {
        setting t = begin(2 + seed % 3, 3 + seed % 2, seed);
        dr_coping *c = &t.shock->coping;
        stop(&t, 0, 1, 2);
        *stop(&t, 1, 0, 1) = (dr_stop){.by = t.shock->stops[1].by,
                                       .to = t.shock->stops[1].to,
                                       .sectors = t.shock->stops[1].sectors,
                                       .cut = 0.7,
                                       .from = 9,
                                       .days = 40,
                                       .recovery = 20,
                                       .shape = (dr_recovery)(seed % 3)};
        stop(&t, 1, 0, 1)->cut = 0.3; /* of what the other leaves */
        dr_stop *made = stop(&t, 1, 0, 2);
        made->production = true;
        made->to[0] = false;
        made->cut = 0.4;
        made->days = 30;
        made->recovery = 25;
        made->shape = (dr_recovery)((seed + 1) % 3);
        c->redirect = seed % 2 ? 0.4 : 0;
        c->inventories[2] = 6;
        c->restock = 20;
        c->expansion = 50;
        c->essential = seed % 3 ? 0.01 : 0.1;
        compare(&t, seed % 2 ? 1 : 7, 150);
    }
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static dr_status load(dr_shock **out, const dr_economy *names, const char *text, char path[64])
{
    strcpy(path, "/tmp/derisk-XXXXXX");
    int file = mkstemp(path);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text) || close(file) != 0)
        fail_msg("cannot write %s", path);
    dr_status status = dr_shock_load(out, names, path);
    unlink(path);
    return status;
}

static void a_file_says_it_all(void **state)
{
    (void)state;
    char path[64];
    setting t = begin(3, 4, 20);
    dr_shock *shock = NULL;
    ok(load(&shock, t.names,
            "title: A stop\n"
            "stops:\n"
            "  - {by: A0, to: all, sectors: [s1, s3], cut: 40%, from: 5, days: 10, recovery: 3}\n"
            "  - {by: [A1, A2], to: A0}\n"
            "  - {in: A1, sectors: s2, cut: 50%, days: 10, recovery: 3, recovery-shape: late}\n"
            "coping: {inventories: {all: 40, s2: 5}, restock: 9, overproduction: 1.5, expansion: 11, caution: 70%,\n"
            "         redirect: 20%, essential: 0}\n",
            path));
    assert_string_equal(shock->title, "A stop");
    assert_int_equal(shock->count, 3);
    const dr_stop *s = shock->stops;
    assert_true(s[0].by[0] && !s[0].by[1] && s[0].to[0] && s[0].to[2] && s[0].sectors[3] && !s[0].sectors[2]);
    const double days[][2] = {{4, 0}, {5, 0.4}, {14, 0.4}, {15, 0.3}, {17, 0.1}, {18, 0}, {INFINITY, 0}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        near(dr_stop_share(&s[0], days[i][0], 1), days[i][1], 1e-15);
    near(dr_stop_share(&s[0], 1, 7), 0.4 * 3 / 7, 1e-15);
    near(dr_stop_share(&s[1], INFINITY, 7), 1, 0);
    assert_true(s[2].production && s[2].by[1] && !s[2].by[0] && !s[2].to[0] && s[2].sectors[2] && !s[2].sectors[1]);
    const double late[][2] = {{10, 0.5}, {11, 0.46875}, {12, 0.375}, {13, 0.21875}, {14, 0}};
    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        near(dr_stop_share(&s[2], late[i][0], 1), late[i][1], 1e-15);
    assert_true(s[1].sectors[0] && s[1].cut == 1 && s[1].from == 1);
    assert_true(shock->coping.inventories[0] == 40 && shock->coping.inventories[2] == 5);
    assert_true(shock->coping.overproduction == 1.5 && shock->coping.caution == 0.7 && shock->coping.essential == 0);
    dr_shock_free(shock);
    end(&t);
}

static void a_mistake_is_told_where_it_is(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ": empty; expected a shock with the key 'stops'"},
        {"title: x\n", ":1:1: the key 'stops' is missing in 'a shock'"},
        {"stops: all\n", ":1:8: expected a list of stops, each line beginning with '- '"},
        {"stops:\n  - {by: A0}\n", ":2:5: the key 'to' is missing in 'a stop'"},
        {"stops:\n  - {by: A0, to: A1, sektors: s1}\n", ":2:22: unknown key 'sektors'; did you mean 'sectors'?"},
        {"stops:\n  - {by: A0, to: A1, sectors: s9}\n", ":2:31: 's9' is not a sector"},
        {"stops:\n  - {by: A0, to: A0}\n", ":2:5: 'by' and 'to' of a stop must be different regions"},
        {"stops:\n  - {by: A0, to: A1, cut: -5%}\n", ":2:27: '-5%'; expected a cut from 0% to 100%"},
        {"stops:\n  - {by: A0, to: A1, cut: 110%}\n", ":2:27: '110%'; expected a cut from 0% to 100%"},
        {"stops:\n  - {by: A0, to: A1, from: 0}\n", ":2:28: '0'; expected a day from 1 to 36500"},
        {"stops:\n  - {by: A0, to: A1, days: soon}\n", ":2:28: 'soon'; expected a number of days from 1 to 36500"},
        {"stops:\n  - {by: A0, to: A1, days: nan}\n", ":2:28: 'nan'; expected a number of days from 1 to 36500"},
        {"stops:\n  - {by: A0, to: A1, recovery: 9}\n", ":2:32: a stop recovers after its 'days', which are not there"},
        {"stops:\n  - {in: A0, to: A1}\n",
         ":2:5: a stop of production has 'in', a stop of supply 'by' and 'to', not both"},
        {"stops:\n  - {in: A9}\n", ":2:10: 'A9' is not a region"},
        {"stops:\n  - {in: A0, except: A0}\n", ":2:5: a stop of no production: 'except' leaves none"},
        {"stops:\n  - {in: A0, days: 9, recovery-shape: late}\n",
         ":2:39: 'recovery-shape' is that of a 'recovery', which is missing"},
        {"stops:\n  - {in: A0, days: 9, recovery: 9, recovery-shape: lately}\n",
         ":2:52: unknown word 'lately'; expected one of even, s-shaped and late; did you mean 'late'?"},
        {"stops: []\ncoping: {caution: 0%}\n", ":2:19: '0%'; expected a part from 1% to 100%"},
        {"stops: []\ncoping: {overproduction: 0.5}\n", ":2:26: '0.5'; expected a number from 1 to 10"},
        {"stops: []\ncoping: {inventories: {s9: 4}}\n", ":2:24: 's9' is not a sector"},
        {"stops: []\ncoping: {inventories: -1}\n", ":2:23: '-1'; expected a number of days from 1 to 36500"},
        {"stops: []\ncoping: {patience: 3}\n", ":2:10: unknown key 'patience'"},
    };
    setting t = begin(2, 3, 21);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[64], expected[256];
        dr_shock *shock = NULL;
        assert_int_equal(load(&shock, t.names, cases[i][0], path), DR_BAD_INPUT);
        assert_null(shock);
        snprintf(expected, sizeof expected, "%s%s", path, cases[i][1]);
        if (strncmp(dr_error_text(), expected, strlen(expected)) != 0)
            fail_msg("'%s', not '%s'", dr_error_text(), expected);
    }
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_shock_no_change),
        cmocka_unit_test(what_nobody_buys_cannot_be_missed),
        cmocka_unit_test(a_stop_of_nothing_is_none),
        cmocka_unit_test(goods_are_conserved),
        cmocka_unit_test(a_stop_that_ends_is_forgotten),
        cmocka_unit_test(inventories_run_down),
        cmocka_unit_test(any_number_of_threads_gives_the_same),
        cmocka_unit_test(plain_loops_agree),
        cmocka_unit_test(a_file_says_it_all),
        cmocka_unit_test(a_mistake_is_told_where_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
