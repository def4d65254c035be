/* The internals of a scenario: its changes, flow by flow. */
#ifndef DR_SCENARIO_SCENARIO_H
#define DR_SCENARIO_SCENARIO_H

#include "base/csv.h"
#include "base/error.h"
#include "scenario/headline.h"
#include "world/rates.h"
#include "world/select.h"

/* Kinds of change to a flow. A flow takes at most one of each, no other besides a ban, and no tax of the exporter
 * besides a limit on its volume. */
enum {
    DR_CHANGE_TARIFF = 1,
    DR_CHANGE_COST = 2,
    DR_CHANGE_BAN = 4,
    DR_CHANGE_LIMIT = 8,
    DR_CHANGE_EXPORT_TAX = 16,
    DR_CHANGE_PRODUCTION_TAX = 32,
    DR_CHANGE_USE_TAX = 64,
    DR_CHANGE_RATE_QUOTA = 128,      /* a tariff, and another one above a volume */
    DR_CHANGE_CARBON_BORDER = 8192,  /* a duty on what imports hold of carbon */
    DR_CHANGE_PRODUCT_WEDGE = 16384, /* limits on, or taxes of exporters of, some products of the flow */
    DR_CHANGE_LIMITS = DR_CHANGE_LIMIT | DR_CHANGE_RATE_QUOTA, /* of volumes */
    DR_CHANGE_DUTIES = DR_CHANGE_TARIFF | DR_CHANGE_RATE_QUOTA,
    DR_CHANGE_WEDGES = DR_CHANGE_LIMITS | DR_CHANGE_EXPORT_TAX | DR_CHANGE_PRODUCTION_TAX |
                       DR_CHANGE_PRODUCT_WEDGE, /* that exporters earn */
    DR_CHANGE_RATES = DR_CHANGE_DUTIES | DR_CHANGE_PRODUCTION_TAX | DR_CHANGE_USE_TAX |
                      DR_CHANGE_CARBON_BORDER /* that importers earn */
};

/* Kinds of change that are not of flows, but of what regions can produce, have, want or give. */
enum {
    DR_CHANGE_PRODUCTIVITY = 256,
    DR_CHANGE_SUPPLY = 512,
    DR_CHANGE_DEMAND = 1024,
    DR_CHANGE_TRANSFER = 2048,
    DR_CHANGE_CARBON_PRICE = 4096,
    DR_CHANGE_SHIFTS = DR_CHANGE_PRODUCTIVITY | DR_CHANGE_SUPPLY | DR_CHANGE_DEMAND
};

/* The taxes besides tariffs, each a factor on the price of a flow. */
enum { DR_EXPORT_TAX_FACTOR, DR_PRODUCTION_TAX_FACTOR, DR_USE_TAX_FACTOR, DR_TAX_FACTORS };

/* A row of the product flows that stands for goods of no product. */
#define DR_NO_PRODUCT ((unsigned)-1)

/* A limit on the volume of a flow, or of several together: an export curb or a quota. Or, with a wedge that is set, its
 * price form: a tax of wedge - 1 on the earnings of producers, whose revenue goes where the rent would; a subsidy if
 * below 1. Or, with a largest wedge, a tariff-rate quota: the level is that of imports at the tariff of the flow, and
 * the largest wedge (1 + over-quota rate) / (1 + in-quota rate). */
typedef struct dr_volume_limit {
    size_t *flows;  /* [n, i, s] */
    unsigned *rows; /* of each, the product flow that the limit is on; NULL: it is on whole flows */
    size_t count;
    dr_rent rent;
    bool relative; /* level is a share of the base volume, not a value at base prices */
    double level;
    double wedge; /* above 0: set, and there is no level */
    double most;  /* the largest wedge; 0: there is none */
} dr_volume_limit;

/* What regions can produce (productivity), have (of a factor) or want (in final demand): factors on the base, and the
 * number of the change that set each, from 1. Both NULL: all is as in the base. */
typedef struct dr_shift {
    double *times;
    unsigned short *last;
} dr_shift;

enum { DR_SHIFT_PRODUCTIVITY, DR_SHIFT_SUPPLY, DR_SHIFT_DEMAND, DR_SHIFT_COUNT };

/* Income that regions give others: an amount, or a share of the base income of each that gives. */
typedef struct dr_transfer {
    bool *from, *to; /* [n] */
    double amount;
    bool relative;
} dr_transfer;

/* The estimated effect of a change on trade, at given prices: its logarithm changes by sign times the coefficient. */
typedef struct dr_effect {
    double sign, coefficient, error; /* standard error of the coefficient, 0: none */
    const dr_stored *stored;         /* the coefficient, where it is one that the world keeps; NULL */
} dr_effect;

/* Where a change is. */
typedef struct dr_place {
    char *path;
    size_t line;
} dr_place;

struct dr_product_changes;
struct dr_product_set;
struct dr_carbon;

struct dr_scenario {
    const dr_economy *economy;
    char *title;            /* may be NULL */
    dr_headline changed;    /* the heading without a title */
    double *rate;           /* [n, i, s] new tariff where there is one */
    double *times;          /* [n, i, s] factor on the trade cost where there is one */
    unsigned short *change; /* [n, i, s] bits DR_CHANGE_... */
    unsigned short *last;   /* [n, i, s] number of the change that touched the flow last, from 1 */
    size_t changes;
    dr_shift shift[DR_SHIFT_COUNT]; /* [n, s]; that of supply [factor, n, s] */
    dr_transfer *transfers;
    size_t transfer_count, transfer_capacity;
    struct dr_carbon *carbon;       /* prices of carbon (carbon.h); NULL: there are none */
    double *factor[DR_TAX_FACTORS]; /* [n, i, s] 1 + rate of a tax where there is one; NULL: nowhere */
    dr_volume_limit *limits;        /* of volumes, then those that stand for taxes of exporters */
    size_t limit_count, limit_capacity;
    size_t tax_limits; /* of the latter */
    bool reading;      /* a document is being read, at whose end the taxes become limits */
    char **notes;      /* of every result */
    size_t note_count, note_capacity;
    dr_place *places; /* of the changes that documents have, in their order */
    size_t place_count, place_capacity;
    const char *document;                /* the path of the one that is being read; borrowed; NULL: none is */
    double touched;                      /* base value of the flows of the change begun last */
    bool limit_open;                     /* the change being applied has a limit already */
    dr_odd_rates odd;                    /* unusual tariffs that the changes set, or the file that is being read */
    struct dr_product_changes *products; /* NULL: no change is of products */
    size_t odd_note;                     /* the number of the note on those of the changes, from 1; 0: there is none */
    dr_effect *effects;
    size_t effect_count;
    bool inside;               /* of changes by the public functions from here on */
    const bool *members;       /* [region] of the group that the change being read names; NULL: those of the world */
    dr_named named;            /* groups that the changes name */
    dr_insiders insiders;      /* flows between members that they left alone, or included */
    unsigned short *effect_of; /* [n, i, s] number of the effect on its cost, from 1; NULL: none has one */
};

/* One change, to the flows of all sectors marked, into the importers marked from the exporters marked. */
typedef struct dr_change {
    int kind;
    bool *by, *on, *sectors;
    const struct dr_product_set *products; /* of an instrument at the border: only these of the sectors; NULL: all */
    bool both;                             /* the other direction too */
    dr_named named;     /* groups among the names of `by` and `on`: flows between members of one are left alone */
    bool inside;        /* unless this */
    bool domestic;      /* what regions buy from themselves, too */
    bool replace;       /* of what earlier changes do to its flows, what conflicts with it is undone */
    dr_rate_kind rate;  /* what a tariff's amount means */
    double amount;      /* rate of a tariff or tax, factor on the trade cost, or the level of a volume limit */
    dr_rent rent;       /* of a volume limit: the recipient of its rent */
    bool together;      /* one limit for all flows, not one for each */
    bool relative;      /* the level is a share of the base volume */
    bool bought;        /* of a volume limit: it is a quota on purchases, not a curb of sales */
    const char *factor; /* of a change of supply: its name, "labour", or NULL: all; borrowed */
    const char *from_use, *to_use; /* of a change of demand: uses that it turns from and to; NULL: of sectors */
    double in_quota, over_quota;   /* tariffs of a tariff-rate quota */
    double specific;  /* of a tariff on products: a duty on a tonne besides, in the currency of the product flows */
    double tonnes;    /* of a volume limit of products: its level, in place of the amount; 0: none */
    double abatement; /* of a carbon price: elasticity of emissions */
    dr_carbon_basis basis;                 /* of a carbon border: whose emissions bear the duty */
    bool rebate;                           /* of a carbon border: exports get the price back */
    char names[3][DR_HEADLINE_NAMES_SIZE]; /* of by, on and sectors, for people; "": none */
    char except[DR_HEADLINE_NAMES_SIZE];   /* of the regions and sectors that were left out, likewise */
} dr_change;

/* A change with empty masks for `economy`. */
dr_status dr_change_new(dr_change *out, const dr_economy *economy, int kind);
void dr_change_free(dr_change *change);

/* The number of factors that changes of supply tell apart, as models do: 1 where value added is one. */
size_t dr_scenario_factors(const dr_economy *economy);

/* The cells of a shift: [n, s], or [factor, n, s]. */
size_t dr_shift_cells(const dr_economy *economy, size_t shift);

/* The factor of a shift on a cell (scenario NULL: 1). */
double dr_scenario_shifted(const dr_scenario *scenario, size_t shift, size_t cell);

/* Applies a shift, or a transfer, as the change begun last. Errors: DR_BAD_INPUT (conflict, no such factor, nothing
 * that could change), DR_MACHINE. */
dr_status dr_scenario_shift(dr_scenario *scenario, const dr_change *change);
/* Multiplies the demand of region n for good k by `times`, as part of the change begun last. Errors: DR_BAD_INPUT
 * (conflict), DR_MACHINE. */
dr_status dr_scenario_shift_demand(dr_scenario *scenario, const dr_change *change, size_t n, size_t k, double times);

dr_status dr_scenario_give(dr_scenario *scenario, const dr_change *change);

/* Applies a change as the next of the scenario. Errors: DR_BAD_INPUT (rate, factor, conflict, no flow changed). */
dr_status dr_scenario_apply(dr_scenario *scenario, const dr_change *change);

/* The instrument of a kind of change as documents write it; `relative` tells the two volume limits apart. */
const char *dr_change_name(int kind, bool relative);

/* A scenario with the same changes, none of which is of products, and notes, but without title. Errors: DR_MACHINE. */
dr_status dr_scenario_copy(dr_scenario **out, const dr_scenario *from);

/* The heading of the scenario: its title, or its changes; "" if there are none. */
const char *dr_scenario_heading(char out[DR_HEADLINE_SIZE], const dr_scenario *scenario);

/* Keeps the line in the document being read of the changes made since it was called last. Errors: DR_MACHINE. */
dr_status dr_scenario_keep_place(dr_scenario *scenario, size_t line);

/* A change in an error: "change 1 (tariff, line 3)", "change 1 (tariff, other.yaml:3)" if it is in another document;
 * without its place where it has none. Returns `out`. */
enum { DR_CHANGE_WORDS_SIZE = 400 };
const char *dr_change_words(char out[DR_CHANGE_WORDS_SIZE], const dr_scenario *scenario, size_t change,
                            const char *instrument);

/* Begins the next change. Errors: DR_BAD_INPUT (too many). */
dr_status dr_scenario_next(dr_scenario *scenario);

/* Applies the change begun last to one flow, domestic ones too. Errors: as dr_scenario_apply. */
dr_status dr_scenario_change_flow(dr_scenario *scenario, const dr_change *change, size_t n, size_t i, size_t s);

/* Undoes what earlier changes did to a flow and the change begun last excludes. Errors: DR_BAD_INPUT (it does not
 * replace them). */
dr_status dr_scenario_clear_flow(dr_scenario *scenario, const dr_change *change, size_t n, size_t i, size_t s);

/* The tariff that a change makes of that of the base. */
double dr_change_rate(const dr_change *change, double base);

/* Adds a note that every result of the scenario carries. */
dr_status dr_scenario_note(dr_scenario *scenario, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The single region or sector whose code or name is in a cell; `select` finds it, or the nearest where it is none.
 * Errors: DR_BAD_INPUT with file, line and column. */
dr_status dr_scenario_code(const dr_csv *csv, int column, dr_select *select, const dr_names *codes,
                           const dr_economy *economy, size_t *index);

/* The note of results on the flows between members of a group that the changes leave unchanged, or include; *note is
 * NULL if there are none; to be freed. */
dr_status dr_scenario_insiders(char **note, const dr_scenario *scenario, bool included);

/* Applies the change begun last to all its flows; *any and *left become true where one is changed, and where one
 * between members of a group is left alone. */
dr_status dr_scenario_change_flows(dr_scenario *scenario, const dr_change *change, bool *any, bool *left);

/* Puts a flow, or the product flow `row` of it (DR_NO_PRODUCT: all of it), under a limit of its own, or under that of
 * the change begun last. Errors: DR_MACHINE. */
dr_status dr_scenario_limit_flow(dr_scenario *scenario, const dr_change *change, size_t flow, unsigned row);

/* Takes a flow, or the product flow `row` of it (DR_NO_PRODUCT: all), out of the volume limits that it is under. */
void dr_scenario_leave_limits(dr_scenario *scenario, size_t flow, unsigned row);

/* Frees what a limit holds. */
void dr_volume_limit_free(dr_volume_limit *limit);

/* Checks the rate, factor or level of a change. Errors: DR_BAD_INPUT. */
dr_status dr_change_check(const dr_change *change);

/* Keeps the groups that an applied change names, for the notes of results. */
dr_status dr_scenario_keep_groups(dr_scenario *scenario, const dr_change *change);

/* Gives the flows of the change begun last, of trade costs, a cost that multiplies trade by exp(sign coefficient) at
 * given prices; `error` is the standard error of the coefficient. */
dr_status dr_scenario_add_effect(dr_scenario *scenario, dr_effect effect);

/* root [effects, effects], lower triangular: root root' is the covariance of the coefficients of the scenario's
 * effects, which the world keeps with an estimate, and zero otherwise; *joint is whether any two are correlated.
 * Free *root.
 * Errors: DR_MACHINE. */
dr_status dr_scenario_effects_root(double **root, bool *joint, const dr_scenario *scenario);

/* Makes the limits that stand for the taxes of exporters: one for all flows of the same factor. */
dr_status dr_scenario_tax_limits(dr_scenario *scenario);

/* Sets the tariffs of a CSV (exporter, importer, sector, tariff), whose names may be `own` groups, as the next
 * change of the scenario. */
dr_status dr_scenario_tariff_file(dr_scenario *scenario, const dr_own_groups *own, const char *path, bool replace);

/* The tariff of flow [n, i, s] under a scenario (NULL: none), given that of the base. */
double dr_scenario_rate(const dr_scenario *scenario, double base_tariff, size_t flow);

/* The factor on its trade cost, times * exp(-effect / theta), theta the trade elasticity of the sector. */
double dr_scenario_times(const dr_scenario *scenario, size_t flow, double theta);

/* The factor on its delivered cost, kappa = (1 + tariff') / (1 + tariff) * times * exp(-effect / theta), theta the
 * trade elasticity of its sector; infinite under a ban. */
double dr_scenario_kappa(const dr_scenario *scenario, double base_tariff, size_t flow, double theta);

#endif
