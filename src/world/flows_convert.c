/* A year of product flows in another edition of the Harmonized System. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/flows.h"

/* The part of an old product that a new one takes. */
typedef struct part {
    char code[DR_LONGEST_PRODUCT + 1];
    size_t product;
    double share;
} part;

typedef struct parts {
    part *list;
    size_t count, capacity, rows; /* rows: of the flows that they make */
} parts;

static double trade_of(const dr_flows *f, size_t k)
{
    double sum = 0;
    for (size_t row = f->start[k]; row < f->start[k + 1]; row++)
        sum += f->value[row];
    return sum;
}

static double trade_in(const dr_flows *f, const char *code)
{
    int k = dr_names_find(&f->products, code);
    return k < 0 ? 0 : trade_of(f, (size_t)k);
}

static dr_status add_part(parts *p, const dr_flows *f, size_t k, const char *code, double share)
{
    if (!(share > 0))
        return DR_OK;
    if (!dr_grow((void **)&p->list, &p->capacity, p->count + 1, sizeof *p->list))
        return dr_fail_memory();
    part *added = &p->list[p->count++];
    *added = (part){.product = k, .share = share};
    snprintf(added->code, sizeof added->code, "%s", code);
    p->rows += f->start[k + 1] - f->start[k];
    return DR_OK;
}

/* Divides the product k among the codes. */
static dr_status divide(parts *p, const dr_flows *f, size_t k, const dr_names *codes, const dr_flows *year)
{
    double all = 0;
    for (size_t i = 0; i < codes->count; i++)
        all += trade_in(year, codes->names[i]);
    for (size_t i = 0; i < codes->count; i++) {
        double share = all > 0 ? trade_in(year, codes->names[i]) / all : 1 / (double)codes->count;
        DR_TRY(add_part(p, f, k, codes->names[i], share));
    }
    return DR_OK;
}

static dr_status take_product(parts *p, const dr_flows *f, dr_flows_moved *moved, size_t k,
                              const dr_hs_changes *changes, const dr_flows *year)
{
    dr_names codes = {0};
    double value = trade_of(f, k);
    dr_status status = dr_hs_successors(changes, f->products.names[k], &codes);
    moved->value += value;
    if (status == DR_OK && (codes.count > 1 || strcmp(codes.names[0], f->products.names[k]) != 0))
        moved->codes++;
    if (status == DR_OK && codes.count > 1) {
        moved->divided++;
        moved->divided_value += value;
    }
    if (status == DR_OK)
        status = codes.count > 1 ? divide(p, f, k, &codes, year) : add_part(p, f, k, codes.names[0], 1);
    dr_names_free(&codes);
    return status;
}

static int by_code(const void *a, const void *b)
{
    const part *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : x->product < y->product ? -1 : x->product > y->product;
}

static void copy_rows(dr_flows *to, const dr_flows *from, const part *p)
{
    for (size_t row = from->start[p->product]; row < from->start[p->product + 1]; row++) {
        to->exporter[to->rows] = from->exporter[row];
        to->importer[to->rows] = from->importer[row];
        to->value[to->rows++] = p->share * from->value[row];
    }
}

static dr_status fill(dr_flows *to, const dr_flows *from, const parts *p)
{
    to->start = dr_new(p->count + 1, sizeof *to->start);
    to->exporter = dr_new(p->rows, sizeof *to->exporter);
    to->importer = dr_new(p->rows, sizeof *to->importer);
    to->value = dr_new(p->rows, sizeof *to->value);
    if (!to->start || !to->exporter || !to->importer || !to->value)
        return dr_fail_memory();
    for (size_t i = 0; i < p->count; i++) {
        if (dr_names_add(&to->products, p->list[i].code) < 0)
            return dr_fail_memory();
        if (i == 0 || strcmp(p->list[i].code, p->list[i - 1].code) != 0)
            to->start[to->products.count - 1] = to->rows;
        copy_rows(to, from, &p->list[i]);
        to->start[to->products.count] = to->rows;
    }
    return DR_OK;
}

/* Puts what was made in the place of what it was made of. */
static dr_status replace(dr_flows *f, dr_flows *made)
{
    made->regions = f->regions;
    made->untold = f->untold;
    made->total = f->total;
    f->regions = (dr_names){0};
    f->untold = NULL;
    dr_flows_free(f);
    *f = *made;
    *made = (dr_flows){0};
    return dr_flows_merge(f);
}

dr_status dr_flows_convert(dr_flows *flows, dr_flows_moved *moved, const dr_hs_changes *changes, const dr_flows *year)
{
    parts p = {0};
    dr_flows made = {0};
    dr_status status = DR_OK;
    *moved = (dr_flows_moved){0};
    for (size_t k = 0; k < flows->products.count && status == DR_OK; k++)
        status = take_product(&p, flows, moved, k, changes, year);
    if (status == DR_OK && p.count > 0) {
        qsort(p.list, p.count, sizeof *p.list, by_code);
        status = fill(&made, flows, &p);
        if (status == DR_OK)
            status = replace(flows, &made);
    }
    dr_flows_free(&made);
    free(p.list);
    return status;
}
