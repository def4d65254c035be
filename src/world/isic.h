/* Codes of ISIC Rev. 3, by which sectors of different sources are matched. */
#ifndef DR_WORLD_ISIC_H
#define DR_WORLD_ISIC_H

#include <stdbool.h>

enum { DR_ISIC_DIVISIONS = 100 };

/* Marks the divisions of a code such as 15t16, 24, AtB or C ('t' is 'to'), or of several with '|' between (30|32t33).
 * False where it is not one. */
bool dr_isic_read(const char *text, bool divisions[DR_ISIC_DIVISIONS]);

/* Whether a code has no other divisions than these, and is one. */
bool dr_isic_within(const char *text, const bool divisions[DR_ISIC_DIVISIONS]);

#endif
