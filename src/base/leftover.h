/* What must not stay when the process is stopped on its way by a signal: files under a name that is not theirs yet, and
 * folders for them. The list is kept here; whoever stops the process sweeps (the program does, see cli/signals.h). */
#ifndef DR_BASE_LEFTOVER_H
#define DR_BASE_LEFTOVER_H

typedef struct dr_leftover dr_leftover;

/* Adds a file or a folder, which need not be there yet; NULL when there is no memory. The latest is removed first. */
dr_leftover *dr_leftover_add(const char *path);

/* Takes one, or NULL, off the list. */
void dr_leftover_forget(dr_leftover *leftover);

/* Between these two nobody sweeps: for steps that must be taken together. They do not nest. */
void dr_hold(void);
void dr_release(void);

/* Removes all that is on the list. From then on nobody can hold: the process is about to end. */
void dr_leftover_sweep(void);

#endif
