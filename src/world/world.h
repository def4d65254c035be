/* The world file: what it is laid out by, and the object that reads it. The tables are listed in docs/world.md. */
#ifndef DR_WORLD_WORLD_H
#define DR_WORLD_WORLD_H

#include "base/duck.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/table.h"
#include "world/world_check.h"

enum {
    DR_SCHEMA_VERSION = 4,
    DR_SUMS_VERSION = 2,     /* the first that keeps the sums of its numbers */
    DR_ROW_SUMS_VERSION = 3, /* the first that keeps those of energy and materials too */
    DR_ACCOUNTS_VERSION = 4, /* the first with accounts and tariffs beside its tables */
    DR_LISTS_VERSION = 4     /* the first that keeps the cells of input-output tables as lists (icio_rows.h) */
};

/* The regions, sectors and final uses of a world, whose order is that of the ENUM types in its file. Texts are "" where
 * unknown. A zeroed struct is an empty layout. */
typedef struct dr_layout {
    bool is_long;                    /* long format (no uses), else inter-country input-output tables */
    dr_names regions, sectors, uses; /* codes */
    const char **region_names;
    const char **region_parts; /* ISO 3166 codes of what the region is made of, '|' between; "" for none */
    const char **sector_names, **sector_slugs, **sector_kinds, **sector_isic;
    dr_arena arena;
} dr_layout;

/* Makes the arrays of texts, all "", once the codes are there. */
dr_status dr_layout_texts(dr_layout *layout);

/* In a scenario a sector is named by its code, slug or kind: fails where one could be mistaken for another. `path` is
 * that of the file that names the sectors. */
dr_status dr_layout_check(const dr_layout *layout, const char *path);

/* The code of the only sector that has the divisions of ISIC or one of them: of Rev. 4 where the table's classification
 * follows it and `isic_rev4` is not "", else of Rev. 3. "" where there is none, or more than one. In a layout without
 * sectors, and of what is no such code, `isic_rev3` itself. Errors: DR_MACHINE. */
dr_status dr_layout_division(const char **code, const dr_layout *layout, const char *isic_rev3, const char *isic_rev4);

/* Fails unless both hold the same regions, sectors and uses, in whatever order. The message is about `there`, which is
 * compared with the world `here`. */
dr_status dr_layout_same(const dr_layout *here, const dr_layout *there);

/* Reads the layout of an open world file, whose contents were checked; their codes move into the layout. */
dr_status dr_layout_read(dr_layout *layout, const dr_duck *duck, dr_contents *contents);
void dr_layout_free(dr_layout *layout);

struct dr_world {
    char *path; /* or what it is called instead */
    dr_duck duck;
    dr_layout layout;
    int *years;
    size_t year_count;
    int version;
    bool sums;             /* the world has the sums of its numbers */
    bool has[DR_FAMILIES]; /* tables of the family */
};

/* dr_rows_check, and the table's sums where it has any, with the world's path in front of what is wrong. */
dr_status dr_world_rows_check(const dr_world *world, const char *table);

/* Sets the name that results and errors give the world in place of its path. Errors: DR_MACHINE. */
dr_status dr_world_set_name(dr_world *world, const char *name);

#endif
