/* One year of a world in memory, as load.c reads it and models use it. */
#ifndef DR_WORLD_ECONOMY_H
#define DR_WORLD_ECONOMY_H

#include <pthread.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/names.h"
#include "world/estimates.h"
#include "world/roster.h"

/* What is read beside the table when it is first needed, once for all who use the economy; `thing` is of the folder
 * that reads it, and `free` frees it. */
typedef struct dr_beside {
    pthread_mutex_t lock;
    void *thing;
    void (*free)(void *thing);
} dr_beside;

struct dr_economy {
    size_t regions, sectors;
    dr_names region_codes, sector_codes;
    const char **region_names;                                                /* R, "" where unknown */
    const char **sector_names, **sector_slugs, **sector_kinds, **sector_isic; /* S, "" where unknown */
    const char **region_parts; /* R, countries that it is made of, '|' between; "" where unknown */
    dr_names groups;           /* groups with at least one member here in this year */
    unsigned char *member;     /* [group, region]: 1 if a member in this year */
    dr_roster roster;          /* all groups that the world knows, in whatever year */
    int year;                  /* 0 where the economy came from arrays */
    bool flows_only;           /* the year has trade flows, without inputs and final use */
    const char *world;         /* path of the world, "" if none */
    const char *unit;          /* "million US dollars, current prices" */
    const char *source;        /* titles of the year's sources, "; " between */
    double *flow;              /* [n, i, s], without tariff, negative cells of the table as zero */
    double *tariff;            /* [n, i, s], fraction, or NULL */
    double *input;             /* [n, k, s] at purchaser prices, negative cells as zero */
    double *final;             /* [n, k] at purchaser prices, negative cells as zero */
    double *value_added;       /* [n, s], or NULL: output (row sum of flow) less inputs */
    dr_names factors;          /* what earns value added; none: one factor */
    double *factor;            /* [factor, n, s]: parts of value added, or NULL */
    double *jobs;              /* [n, s] persons who work there, NULL: the world does not say (dr_account_of_jobs) */
    const char *jobs_account;  /* the name of the account of them */
    dr_names jobs_kinds;       /* skills (and sexes) by which the world tells jobs apart; none: it does not */
    double *jobs_of_kind;      /* [kind, n, s] persons, NULL: there are none */
    double *emissions;         /* [n, s] tonnes, NULL: the world does not say (dr_account_of_emissions) */
    double *emitted_by_final;  /* [n] tonnes of final use itself, households' above all; NULL where `emissions` is */
    const char *emissions_account, *emissions_source; /* its name and source */
    double *deficit;                                  /* [n], or NULL: imports less exports of flow */
    double *elasticity;                               /* [s], the world's own trade elasticities, or NULL */
    size_t negative_final, negative_intermediate;     /* cells of the table that were negative and are zero here */
    double negative_final_sum, negative_intermediate_sum;
    double input_duties, final_duties; /* that tariffs beside the table have added to `input` and `final` */
    const dr_economy
        *summed; /* the economy that this is the only good of (the armington model); NULL: its sectors are its own */
    const char *baseline;      /* the heading of the scenario that was made its base last; NULL: it is the table's */
    const char *baseline_file; /* the file of that scenario; NULL: it has none of its own */
    const char **notes;        /* on how the base was made, of every model of it */
    size_t note_count, note_capacity;
    dr_beside *products; /* the world's product flows (measure/product_trade.h) */
    dr_arena arena;      /* the texts and arrays of texts */

    /* Gravity estimates and sets of elasticities stored in the world. */
    dr_stored_rows stored_estimates, stored_elasticities;
    dr_stored_covariance *covariance; /* [covariances] of the estimates */
    size_t covariances;
};

/* An economy with no names and no arrays: these are NULL until taken with dr_new_doubles. */
dr_status dr_economy_bare(dr_economy **out, size_t regions, size_t sectors);

/* Takes flow, input and final, zeroed. */
dr_status dr_economy_arrays(dr_economy *economy);

/* Makes groups and member, from the roster. */
dr_status dr_economy_groups(dr_economy *economy);

/* Makes value_added, the sum over factors. */
dr_status dr_economy_add_factors(dr_economy *economy);

/* Fails where the year has trade flows only, of which nothing follows that takes inputs and final use. Errors:
 * DR_BAD_INPUT. */
dr_status dr_economy_has_table(const dr_economy *economy);

/* A year's names, groups, unit and source, without its arrays (year 0: the last). Errors: as dr_economy_load. */
dr_status dr_economy_load_names(dr_economy **out, const dr_world *world, int year);

/* The name of a sector for readers: its slug, or its code if it has none. Borrowed. */
const char *dr_economy_sector(const dr_economy *economy, size_t sector);

#endif
