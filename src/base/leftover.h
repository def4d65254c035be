/* Temporary files and folders that must be removed when a signal ends the process. The list of them is kept here; the
 * handler of the signal removes them (for the program see cli/signals.h). */
#ifndef DR_BASE_LEFTOVER_H
#define DR_BASE_LEFTOVER_H

typedef struct dr_leftover dr_leftover;

/* Adds a file or a folder, which need not be there yet; NULL when there is no memory. The latest is removed first. */
dr_leftover *dr_leftover_add(const char *path);

/* Takes one, or NULL, off the list. */
void dr_leftover_forget(dr_leftover *leftover);

/* Between these two calls nothing is removed: for steps that must be taken together. They do not nest. */
void dr_hold(void);
void dr_release(void);

/* Removes everything on the list. After this dr_hold never returns: the process is about to end. */
void dr_leftover_sweep(void);

#endif
