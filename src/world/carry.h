/* Copies the products, energy and materials of a world into a new one. */
#ifndef DR_WORLD_CARRY_H
#define DR_WORLD_CARRY_H

#include "world/merge.h"
#include "world/write.h"

/* Copies those tables and views of `world` into the world being written, row by row: their economies are countries, not
 * regions of the world. Products go to the sector that their own has become. `report` gets a row for each table of
 * numbers. */
dr_status dr_carry(dr_writer *writer, dr_table *report, const dr_world *world, const dr_merge *merge);

/* Products whose sector is a division of ISIC Rev. 3, as in a world of product flows only, get the sector of
 * `writer->layout` that holds it. */
dr_status dr_carry_divisions(dr_writer *writer);

#endif
