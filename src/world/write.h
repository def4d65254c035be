/* Writing a world: a new file, or a copy of an old one that takes its place; whole or not at all, whenever the process
 * may die. */
#ifndef DR_WORLD_WRITE_H
#define DR_WORLD_WRITE_H

#include "world/staging.h"
#include "world/world.h"

typedef struct dr_writer {
    dr_duck duck;
    char *path;
    char *target;       /* the file itself, where `path` is a link to it */
    dr_staging staging; /* where the world is written, to be moved to `target` at the end */
    bool is_new;
    dr_duck old;        /* what is copied; open, so that no other process writes it meanwhile */
    int source;         /* the same as a file: closing it would give up DuckDB's lock on it */
    dr_layout layout;   /* the file's; a new world's is set by dr_writer_create */
    int version;        /* of an old world's tables; a new one's is the newest */
    const char *prefix; /* of the tables that sources and findings go to: "product_", "energy_"; NULL: none */
} dr_writer;

/* Starts writing to the world at `path`, or a new one where there is none. Only one thread of a process writes at a
 * time; others wait. Other processes are waited for, for some seconds. Errors: DR_BAD_INPUT (not a world), DR_MACHINE
 * (in use, no permission, no space). */
dr_status dr_writer_open(dr_writer **out, const char *path);

/* The same for rows that SQL reads from these files, besides which it reaches none. */
dr_status dr_writer_open_importing(dr_writer **out, const char *path, const char *const *files, size_t count);

/* Makes a new world without regions and sectors, for product flows only; with the groups that derisk knows. */
dr_status dr_writer_base(dr_writer *writer);

/* Makes the tables of a new world, or of one that has product flows only. The layout is moved into the writer. */
dr_status dr_writer_create(dr_writer *writer, dr_layout *layout);

/* Writes what the layout says of regions and sectors anew; their codes are as they were. */
dr_status dr_writer_describe(dr_writer *writer);

/* Puts the world's path in front of a failure of the database, which knows files by other names; returns `status`. */
dr_status dr_writer_at(const dr_writer *writer, dr_status status);

/* Gives a world of an earlier version what this one keeps beside its numbers: their sums, as they are. */
dr_status dr_writer_upgrade(dr_writer *writer);

/* Starts a year: earlier data of that year are deleted (*replaced tells whether there were any). */
dr_status dr_writer_year(dr_writer *writer, int year, const char *unit, bool *replaced);

/* Where the numbers of a year come from; also the columns of the table `source`. */
typedef struct dr_source {
    const char *id, *title, *publisher, *licence, *retrieved, *url;
    const char *name; /* of the file */
    const char *path; /* of the file, of which the SHA-256 is taken; NULL: it is known */
    const char *sha256;
    int year;
} dr_source;
dr_status dr_writer_source(dr_writer *writer, const dr_source *source);

/* An inter-country input-output table as it lies in memory. Rows are [i * S + s]; columns [n * S + u] for using
 * sectors, then [R * S + n * U + f] for final uses. */
typedef struct dr_icio {
    int year;
    double *const *rows;                /* the cells of a row, by its own columns */
    const size_t *columns;              /* of those, the one for each column above */
    const double *output, *value_added; /* per row */
} dr_icio;
dr_status dr_writer_icio(dr_writer *writer, const dr_icio *table);

/* A year in the long format, dense; see struct dr_economy for the arrays. NULL where there are none. */
typedef struct dr_long {
    int year;
    const double *flow, *tariff, *input, *final, *value_added, *deficit, *elasticity;
    const dr_names *factors; /* those of `factor` */
    const double *factor;
} dr_long;
dr_status dr_writer_long(dr_writer *writer, const dr_long *table);

/* The columns of a report of findings, which is also the table `finding`. */
enum { DR_FINDING_YEAR, DR_FINDING_SUBJECT, DR_FINDING_PLACE, DR_FINDING_FOUND, DR_FINDING_DONE, DR_FINDING_COLUMNS };
extern const dr_column_spec dr_finding_columns[DR_FINDING_COLUMNS];
dr_status dr_writer_findings(dr_writer *writer, const dr_table *findings);

/* Ends the writing: everything is kept, or (also if this fails) nothing. Either frees the writer. */
dr_status dr_writer_commit(dr_writer *writer);
void dr_writer_abandon(dr_writer *writer);

#endif
