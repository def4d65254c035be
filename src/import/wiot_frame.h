/* An inter-country input-output table as WIOD's release of 2016 has it in R, written as CSV: IndustryCode,
 * IndustryDescription, Country, RNr, Year, AUS1 ... ROW61, TOT. */
#ifndef DR_IMPORT_WIOT_FRAME_H
#define DR_IMPORT_WIOT_FRAME_H

#include "import/icio_file.h"

dr_table_reader dr_wiot_frame_read;

#endif
