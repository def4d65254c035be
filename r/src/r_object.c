#include "r_object.h"

#include <stdlib.h>

typedef struct rd_object {
    rd_kind kind;
    void *pointer;
    int borrowed;
    size_t uses; /* by R, and by objects that depend on it */
    size_t parents;
    struct rd_object *parent[];
} rd_object;

/* R frees by an address alone: calls of the library's functions through a pointer of another type are undefined. */
#define FREES(name, by)                                                                                                \
    static void name(void *p)                                                                                          \
    {                                                                                                                  \
        by(p);                                                                                                         \
    }
FREES(free_world, dr_world_close)
FREES(free_economy, dr_economy_free)
FREES(free_settings, dr_settings_free)
FREES(free_scenario, dr_scenario_free)
FREES(free_model, dr_model_free)
FREES(free_solution, dr_solution_free)
FREES(free_plan, dr_plan_free)
FREES(free_game, dr_game_free)
FREES(free_gravity, dr_gravity_free)
FREES(free_frame, dr_frame_free)
FREES(free_table, dr_table_free)

static void (*const frees[])(void *) = {
    [RD_WORLD] = free_world,       [RD_ECONOMY] = free_economy, [RD_SETTINGS] = free_settings,
    [RD_SCENARIO] = free_scenario, [RD_MODEL] = free_model,     [RD_SOLUTION] = free_solution,
    [RD_PLAN] = free_plan,         [RD_GAME] = free_game,       [RD_GRAVITY] = free_gravity,
    [RD_FRAME] = free_frame,       [RD_TABLE] = free_table,
};

static SEXP tag(void)
{
    return Rf_install("derisk_object");
}

int rd_object_is(SEXP value)
{
    return TYPEOF(value) == EXTPTRSXP && R_ExternalPtrTag(value) == tag();
}

static void drop(rd_object *object)
{
    if (!object || --object->uses > 0)
        return;
    if (object->pointer && !object->borrowed)
        frees[object->kind](object->pointer);
    for (size_t i = 0; i < object->parents; i++)
        drop(object->parent[i]);
    free(object);
}

static void finalize(SEXP handle)
{
    drop(R_ExternalPtrAddr(handle));
    R_ClearExternalPtr(handle);
}

/* The objects among the arguments, into `out` unless it is NULL; returns how many there are. */
static size_t find_parents(SEXP arguments, rd_object **out)
{
    size_t count = 0;
    for (R_xlen_t i = 0; i < Rf_xlength(arguments); i++) {
        SEXP value = VECTOR_ELT(arguments, i);
        if (!rd_object_is(value) || !R_ExternalPtrAddr(value))
            continue;
        if (out)
            out[count] = R_ExternalPtrAddr(value);
        count++;
    }
    return count;
}

SEXP rd_object_new(rd_kind kind, SEXP arguments)
{
    SEXP handle = PROTECT(R_MakeExternalPtr(NULL, tag(), arguments));
    R_RegisterCFinalizerEx(handle, finalize, TRUE);
    size_t parents = find_parents(arguments, NULL);
    rd_object *object = calloc(1, sizeof *object + parents * sizeof *object->parent);
    if (!object)
        Rf_error("out of memory");
    object->kind = kind;
    object->uses = 1;
    object->parents = parents;
    find_parents(arguments, object->parent);
    for (size_t i = 0; i < parents; i++)
        object->parent[i]->uses++;
    R_SetExternalPtrAddr(handle, object);
    UNPROTECT(1);
    return handle;
}

void rd_object_set(SEXP handle, void *pointer, int borrowed)
{
    rd_object *object = R_ExternalPtrAddr(handle);
    object->pointer = pointer;
    object->borrowed = borrowed;
}

void *rd_object_get(SEXP handle, rd_kind kind)
{
    rd_object *object = rd_object_is(handle) ? R_ExternalPtrAddr(handle) : NULL;
    return object && object->kind == kind ? object->pointer : NULL;
}
