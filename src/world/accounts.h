/* Accounts beside a world's tables (satellite accounts): a quantity such as emissions, jobs or energy by region and
 * sector, with the part that final use itself emits or takes. They are described in docs/world.md. */
#ifndef DR_WORLD_ACCOUNTS_H
#define DR_WORLD_ACCOUNTS_H

#include "world/write.h"

/* The longest name of an account, in bytes. */
enum { DR_LONGEST_ACCOUNT = 200 };

/* A year of an account, in the order of the regions and sectors of the world that is written. */
typedef struct dr_account {
    const char *name;   /* "CO2" */
    const char *unit;   /* "kt" */
    const char *source; /* title of the source */
    int year;
    const double *value; /* [region, sector]; 0 is not stored */
    const double *final; /* [region]: of final use itself, households' above all; NULL: none is known */
} dr_account;

/* Writes a year of an account, in place of what there was of it (*replaced, may be NULL: whether there was any). The
 * tables are made where there are none, and a world of an earlier version becomes one of this. Errors: DR_BAD_INPUT (no
 * such year in the world; a name that is empty, too long or not UTF-8; another unit than that of its other years; a
 * number that is not finite), DR_MACHINE. */
dr_status dr_account_write(dr_writer *writer, const dr_account *account, bool *replaced);

/* Records where accounts of a year come from: source->title is what dr_account.source says. It replaces a source of the
 * same id and year, and sources of accounts that are there no more are dropped. */
dr_status dr_account_source(dr_writer *writer, const dr_source *source);

/* The tables of sources and findings of accounts: dr_writer.prefix. */
#define DR_ACCOUNT_PREFIX "account_"

/* A year of an account in memory. */
typedef struct dr_account_year {
    char *name;
    const char *unit, *source;
    int year;
    double *value; /* [region, sector] */
    double *final; /* [region] */
    dr_arena arena;
} dr_account_year;

/* Reads a year of the account of that name (its letters may be small or capital; NULL: the only one that the world
 * has), and checks it. Errors: DR_BAD_INPUT (no accounts; no such one, with the nearest name; no such year; several,
 * and no name), DR_MACHINE. Free with dr_account_free. */
dr_status dr_account_load(dr_account_year **out, const dr_world *world, const char *name, int year);
void dr_account_free(dr_account_year *account);

/* The account of a year that says how many persons work in each sector: of those in persons the one called "persons
 * engaged", else "employment", "jobs", "persons employed" or "employees", else the only one, else the sum of those of
 * EXIOBASE by skill. NULL in *out where there is none. Errors: as dr_account_load. */
dr_status dr_account_of_jobs(dr_account_year **out, const dr_world *world, int year);

/* The accounts of persons by skill, as EXIOBASE has them: their kinds, "Low-skilled male", and values [kind, region,
 * sector] in *values, to be freed. Without such accounts, no kinds and NULL. Errors: as dr_account_load. */
dr_status dr_account_jobs_by_kind(dr_names *kinds, double **values, const dr_world *world, int year);

/* The account of a year that says how much is emitted, in tonnes of whatever unit of mass the world has: of those in
 * such a unit the one called "CO2", else "CO2 emissions", "carbon dioxide", "GHG", "greenhouse gases" or "emissions",
 * else the only one in whose name one of these is. NULL in *out where there is none. Errors: as dr_account_load. */
dr_status dr_account_of_emissions(dr_account_year **out, const dr_world *world, int year);

/* Adds the world's accounts to the table of dr_world_info. */
dr_status dr_accounts_info(dr_table *table, const dr_world *world);

#endif
