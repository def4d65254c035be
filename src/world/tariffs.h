/* Tariffs beside an inter-country table, whose cells are at basic prices: rates by importer, exporter and sector, with
 * which load.c values what users buy (docs/model.md). Worlds in the long format have theirs in the table itself. */
#ifndef DR_WORLD_TARIFFS_H
#define DR_WORLD_TARIFFS_H

#include "world/merge.h"
#include "world/tariff_csv.h"
#include "world/write.h"

/* Reads a year's rates [n, i, s], NAN where there is none; *rate is NULL where the year has none at all. The first is
 * for a world, whose numbers are compared with their sums; the second for one that is being written. Errors:
 * DR_BAD_INPUT (the file was changed to what makes no sense), DR_MACHINE. Free *rate. */
dr_status dr_tariffs_read(double **rate, const dr_world *world, int year);
dr_status dr_tariffs_stored(double **rate, const dr_writer *writer, int year);

/* Writes a year's rates [n, i, s] (NAN: none) in place of those that there are. Tables are made where there are none,
 * and a world of an earlier version becomes one of this. Errors: DR_BAD_INPUT (a world in the long format or without
 * tables; no such year; a rate that is not possible), DR_MACHINE. */
dr_status dr_tariffs_write(dr_writer *writer, int year, const double *rate);

/* Records where a year's tariffs come from, in place of a source of the same id and year. */
dr_status dr_tariffs_source(dr_writer *writer, const dr_source *source);

/* Keeps of sources of the same id and year, and of findings that are the same, the last. */
dr_status dr_tariffs_keep_last(dr_writer *writer);

/* The tables of sources and findings of tariffs: dr_writer.prefix. */
#define DR_TARIFF_PREFIX "tariff_"

/* Writes the rates of a year of `world` for regions and sectors that are sums of its own: means weighted by the flows,
 * so that their revenue stays; where nothing flows, plain ones. */
dr_status dr_tariffs_fold(dr_writer *writer, dr_world *world, int year, const dr_merge *merge);

/* Adds the world's tariffs to the table of dr_world_info. */
dr_status dr_tariffs_info(dr_table *table, const dr_world *world);

#endif
