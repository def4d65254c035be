/* Shared by the readers of all formats: names for codes, sources, the report of findings. */
#ifndef DR_IMPORT_IMPORT_H
#define DR_IMPORT_IMPORT_H

#include "base/table.h"
#include "import/icio_file.h"
#include "import/long_file.h"
#include "world/write.h"

/* Gives the codes of a layout their names and other texts, of which those of the options' CSV files come before those
 * of the classification that has all the sectors' codes, and finds its regions in the register of countries. `path` is
 * the table's, for messages. Errors: DR_BAD_INPUT (a file; two regions that are one country). */
dr_status dr_import_names(dr_layout *layout, const char *path, const dr_import_options *options);

/* The same for a world that has its regions and sectors already, of which all years then have the new names. */
dr_status dr_import_rename(dr_table *report, dr_writer *writer, const dr_import_options *options);

/* Adds to the report the regions that are not known countries, and the sectors of which no ISIC code is known. */
dr_status dr_import_labels(dr_table *report, const dr_layout *layout);

/* Where numbers come from, as the options' CSV says. A zeroed struct is a source not described. */
typedef struct dr_import_source {
    const char *id, *title, *publisher, *licence, *retrieved, *url; /* "" where it does not say */
    const char *unit;                                               /* NULL where it does not say */
    const char *sha256;                                             /* of the file at hand, NULL: not taken yet */
    dr_arena arena;
} dr_import_source;
dr_status dr_import_source_read(dr_import_source *source, const char *path);

/* Records `file` (`path` is its place) as a source of the year; without a described source the file stands for
 * itself. */
dr_status dr_import_source_write(dr_writer *writer, const dr_import_source *source, const char *path, int year);

/* The year in a file's or folder's name, such as 2011 in wiod_2011.csv.gz. */
dr_status dr_import_year(const char *path, int *year);

/* An import under way, whatever its format. */
typedef struct dr_import_job {
    const dr_import_options *options;
    const char *to;          /* path of the world */
    dr_import_source source; /* as described by options->source */
    dr_writer *writer;       /* NULL until the reader opens it */
    dr_table *report;
} dr_import_job;

/* Reads the description of the source, if there is one, and begins the report. End with dr_import_end, on failure
 * too. */
dr_status dr_import_begin(dr_import_job *import, const char *to, const dr_import_options *options);

/* The same for what stands beside the tables of a world (`what`: "accounts"), after checks of the arguments: `function`
 * is the name of the public function, and the world at `to` must be there. */
dr_status dr_import_begin_beside(dr_import_job *import, const char *function, const char *what,
                                 const char *const *files, size_t count, const char *to,
                                 const dr_import_options *options);

/* Ends an import: commits the world if `status`, that of the import so far, is DR_OK, else leaves the file as it was.
 * Hands the report over in *report (NULL: not wanted), which stays as it is after a failure. */
dr_status dr_import_end(dr_import_job *import, dr_status status, dr_table **report);

/* Adds a finding to the report; year 0 is none. */
void dr_import_find(dr_table *report, int year, const char *subject, const char *place, const char *done,
                    const char *found, ...) __attribute__((format(printf, 6, 7)));

/* Checks a table whose cells lie as `table` says in `file`; one finding per check. In strict imports the first finding
 * that is out of order is an error; negative final use is in order there, since inventories shrink. Sums may be off by
 * the share `tolerance` of their total (0: a millionth), or by rounding. */
dr_status dr_icio_check(dr_table *report, const dr_icio *table, const dr_icio_file *file, const dr_layout *layout,
                        bool strict, double tolerance);
/* Checks a year in the long format in the same way. `folder` is its place, for messages. */
dr_status dr_long_check(dr_table *report, int year, const char *folder, const dr_long_files *files,
                        const dr_layout *layout, bool strict);

#endif
