#include "scenario/model_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/print.h"

/* Every field in its order: its name in C, and its name for people. */
#define FIELDS(F)                                                                                                      \
    F(model, "model")                                                                                                  \
    F(horizon, "horizon")                                                                                              \
    F(elasticity, "elasticity")                                                                                        \
    F(closure, "closure")                                                                                              \
    F(rigid_wages, "rigid-wages")                                                                                      \
    F(thin_markets, "thin-markets")                                                                                    \
    F(products, "products")                                                                                            \
    F(product_elasticity, "product-elasticity")                                                                        \
    F(product_substitution, "product-substitution")                                                                    \
    F(import_elasticity, "import-elasticity")                                                                          \
    F(numeraire, "numeraire")                                                                                          \
    F(tolerance, "tolerance")                                                                                          \
    F(max_sweeps, "max-sweeps")                                                                                        \
    F(scale, "scale")                                                                                                  \
    F(entry, "entry")                                                                                                  \
    F(labour_supply, "labour-supply")                                                                                  \
    F(revenue, "revenue")                                                                                              \
    F(overhead, "overhead")                                                                                            \
    F(pass_through, "pass-through")                                                                                    \
    F(choke_price, "choke-price")

#define KIND(field)                                                                                                    \
    _Generic(((const dr_model_options *)0)->field,                                                                     \
        const char *: DR_OPTION_TEXT,                                                                                  \
        dr_closure: DR_OPTION_CLOSURE,                                                                                 \
        double: DR_OPTION_NUMBER,                                                                                      \
        int: DR_OPTION_COUNT)
#define FIELD(field, name) {name, KIND(field), offsetof(dr_model_options, field)},
const dr_option_field dr_model_options_fields[DR_MODEL_OPTIONS] = {FIELDS(FIELD)};

/* The size, and one value for each field of the list: an error where the struct has more. */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wmissing-field-initializers"
#define NOTHING(field, name) 0,
static const dr_model_options all_are_listed __attribute__((unused)) = {0, FIELDS(NOTHING)};
#pragma GCC diagnostic pop

const char **dr_option_text(dr_model_options *options, const dr_option_field *field)
{
    return (const char **)((char *)options + field->offset);
}

const char **dr_option_find(dr_model_options *options, const char *name)
{
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        if (field->kind == DR_OPTION_TEXT && strcmp(field->name, name) == 0)
            return dr_option_text(options, field);
    }
    return NULL;
}

dr_status dr_options_keep(dr_model_options *out, const dr_model_options *of, dr_arena *arena)
{
    *out = *of;
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const char **text = dr_option_text(out, &dr_model_options_fields[i]);
        if (dr_model_options_fields[i].kind == DR_OPTION_TEXT && *text && !(*text = dr_arena_text(arena, *text)))
            return dr_fail_memory();
    }
    return DR_OK;
}

/* Texts with their length, so that no text looks like the next field. */
static void write_value(FILE *out, dr_option_kind kind, const void *value)
{
    const char *text;
    switch (kind) {
    case DR_OPTION_TEXT:
        text = *(const char *const *)value;
        fprintf(out, "%zu:%s", text ? strlen(text) + 1 : 0, text ? text : "");
        break;
    case DR_OPTION_CLOSURE:
        fprintf(out, "%d", (int)*(const dr_closure *)value);
        break;
    case DR_OPTION_NUMBER:
        dr_print(out, "%.17g", *(const double *)value);
        break;
    case DR_OPTION_COUNT:
        fprintf(out, "%d", *(const int *)value);
        break;
    }
}

char *dr_options_name(const dr_model_options *options)
{
    char *name = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&name, &size);
    if (!out)
        return NULL;
    for (size_t i = 0; i < DR_MODEL_OPTIONS; i++) {
        const dr_option_field *field = &dr_model_options_fields[i];
        fprintf(out, "%s=", field->name);
        write_value(out, field->kind, (const char *)options + field->offset);
        fputc('\n', out);
    }
    if (fclose(out) == 0)
        return name;
    free(name);
    return NULL;
}
