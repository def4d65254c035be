/* The one clock by which durations are measured. */
#ifndef DR_BASE_CLOCK_H
#define DR_BASE_CLOCK_H

/* Seconds since some moment before the program began. Never goes back, whatever is done to the time of day. */
double dr_seconds(void);

#endif
