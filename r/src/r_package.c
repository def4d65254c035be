/* What R calls: functions of the library by name, and the few that answer at once. */
#include <stdio.h>
#include <string.h>

#include <R_ext/Rdynload.h>

#include "r_frame.h"
#include "r_functions.h"
#include "r_table.h"

static const rd_function *find_function(const char *name)
{
    static const rd_function *const lists[] = {rd_worlds, rd_measures, rd_scenarios,
                                               rd_models, rd_policies, rd_estimates};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (const rd_function *function = lists[k]; function->name; function++)
            if (strcmp(function->name, name) == 0)
                return function;
    Rf_error("there is no function '%s'", name);
}

/* A failure, which R turns into a condition: status, message. */
static SEXP failure(int status, const char *message)
{
    static const char *const names[] = {"status", "message", ""};
    SEXP value = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SET_VECTOR_ELT(value, 0, Rf_ScalarInteger(status));
    SET_VECTOR_ELT(value, 1, Rf_ScalarString(Rf_mkCharCE(message, CE_UTF8)));
    Rf_setAttrib(value, R_ClassSymbol, Rf_mkString("derisk_failure"));
    UNPROTECT(1);
    return value;
}

enum { INTERRUPTED = -1 };

static SEXP failure_of(const rd_outcome *outcome)
{
    return failure(outcome->interrupted ? INTERRUPTED : (int)outcome->status, outcome->error);
}

static SEXP run(const rd_function *function, SEXP arguments, SEXP progress)
{
    rd_outcome outcome;
    void *out = NULL, *call = R_alloc(function->size, 1);
    memset(call, 0, function->size);
    if (!rd_fill(call, function, arguments, outcome.error))
        return failure(DR_USAGE, outcome.error);
    SEXP handle = PROTECT(rd_object_new(function->result, arguments));
    rd_job_run(&outcome, function->run, &out, call, Rf_asLogical(progress) == TRUE);
    if (out)
        rd_object_set(handle, out, function->borrowed);
    SEXP value = handle;
    if (outcome.status != DR_OK || outcome.interrupted)
        value = failure_of(&outcome);
    else if (function->result == RD_TABLE)
        value = rd_table_frame(handle);
    else if (!out)
        value = R_NilValue;
    UNPROTECT(1);
    return value;
}

static SEXP derisk_call(SEXP name, SEXP arguments, SEXP progress)
{
    return run(find_function(CHAR(Rf_asChar(name))), arguments, progress);
}

/* ---- Data frames ------------------------------------------------------------------------------------------------- */

typedef struct frame_call {
    struct ArrowArrayStream stream;
    const char *name;
} frame_call;

static dr_status make_frame(rd_job *job, void **out, void *call)
{
    frame_call *c = call;
    (void)job;
    return dr_frame_new((dr_frame **)out, &c->stream, c->name);
}

static SEXP derisk_frame(SEXP data, SEXP name)
{
    rd_outcome outcome;
    frame_call call = {.name = CHAR(Rf_asChar(name))};
    void *out = NULL;
    if (!rd_stream(&call.stream, data, outcome.error))
        return failure(DR_BAD_INPUT, outcome.error);
    SEXP arguments = PROTECT(Rf_allocVector(VECSXP, 0)), handle = PROTECT(rd_object_new(RD_FRAME, arguments));
    rd_job_run(&outcome, make_frame, &out, &call, false);
    if (out)
        rd_object_set(handle, out, 0);
    SEXP value = outcome.status == DR_OK && !outcome.interrupted ? handle : failure_of(&outcome);
    UNPROTECT(2);
    return value;
}

static SEXP derisk_frame_path(SEXP frame)
{
    return Rf_mkString(dr_frame_path(rd_object_get(frame, RD_FRAME)));
}

/* ---- What answers at once ---------------------------------------------------------------------------------------- */

static SEXP list_of(const dr_world *world, size_t count, const char *(*get)(const dr_world *, size_t))
{
    SEXP texts = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count));
    for (size_t i = 0; i < count; i++)
        SET_STRING_ELT(texts, (R_xlen_t)i, Rf_mkCharCE(get(world, i), CE_UTF8));
    UNPROTECT(1);
    return texts;
}

static SEXP years_of(const dr_world *world)
{
    SEXP years = PROTECT(Rf_allocVector(INTSXP, (R_xlen_t)dr_world_years(world)));
    for (R_xlen_t i = 0; i < Rf_xlength(years); i++)
        INTEGER(years)[i] = dr_world_year(world, (size_t)i);
    UNPROTECT(1);
    return years;
}

/* Codes and names of regions and sectors, and years; NULL for a world of another session. */
static SEXP derisk_world_parts(SEXP handle)
{
    static const char *const names[] = {"region", "region_name", "sector", "sector_name", "year", ""};
    const dr_world *world = rd_object_get(handle, RD_WORLD);
    if (!world)
        return R_NilValue;
    SEXP parts = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SET_VECTOR_ELT(parts, 0, list_of(world, dr_world_regions(world), dr_world_region_code));
    SET_VECTOR_ELT(parts, 1, list_of(world, dr_world_regions(world), dr_world_region_name));
    SET_VECTOR_ELT(parts, 2, list_of(world, dr_world_sectors(world), dr_world_sector_code));
    SET_VECTOR_ELT(parts, 3, list_of(world, dr_world_sectors(world), dr_world_sector_name));
    SET_VECTOR_ELT(parts, 4, years_of(world));
    UNPROTECT(1);
    return parts;
}

static SEXP derisk_settings_year(SEXP settings)
{
    return Rf_ScalarInteger(dr_settings_year(rd_object_get(settings, RD_SETTINGS)));
}

static SEXP derisk_scenario_products(SEXP scenario)
{
    return Rf_ScalarLogical(dr_scenario_products(rd_object_get(scenario, RD_SCENARIO)));
}

/* Closes a world before the end of its handle, so that its file can be written to. */
static SEXP derisk_close(SEXP world)
{
    dr_world *open = rd_object_get(world, RD_WORLD);
    dr_world_close(open);
    if (open)
        rd_object_set(world, NULL, 0);
    return R_NilValue;
}

/* The names of a function's arguments that are no objects, in their order. */
static SEXP derisk_arguments(SEXP name)
{
    const rd_function *function = find_function(CHAR(Rf_asChar(name)));
    R_xlen_t count = 0;
    for (const rd_field *field = function->fields; field->name; field++)
        count += field->type != RD_OBJECT && field->type != RD_MODEL_SETTINGS;
    SEXP names = PROTECT(Rf_allocVector(STRSXP, count));
    R_xlen_t at = 0;
    for (const rd_field *field = function->fields; field->name; field++)
        if (field->type != RD_OBJECT && field->type != RD_MODEL_SETTINGS)
            SET_STRING_ELT(names, at++, Rf_mkChar(field->name));
    UNPROTECT(1);
    return names;
}

static SEXP derisk_version(void)
{
    return Rf_mkString(dr_version());
}

#define CALL(function, arguments)                                                                                      \
    {                                                                                                                  \
#function, (DL_FUNC)(void (*)(void))function, arguments                                                        \
    }

static const R_CallMethodDef methods[] = {CALL(derisk_call, 3),
                                          CALL(derisk_frame, 2),
                                          CALL(derisk_frame_path, 1),
                                          CALL(derisk_table_text, 1),
                                          CALL(derisk_world_parts, 1),
                                          CALL(derisk_settings_year, 1),
                                          CALL(derisk_arguments, 1),
                                          CALL(derisk_version, 0),
                                          CALL(derisk_scenario_products, 1),
                                          CALL(derisk_close, 1),
                                          {NULL, NULL, 0}};

void R_init_derisk(DllInfo *dll)
{
    R_registerRoutines(dll, NULL, methods, NULL, NULL);
    R_useDynamicSymbols(dll, FALSE);
    R_forceSymbols(dll, TRUE);
}
