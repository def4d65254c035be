/* The options of a model, field by field. All code that copies, names or reads options goes through this list. A field
 * that is added to dr_model_options and not to the list does not compile. */
#ifndef DR_SCENARIO_MODEL_OPTIONS_H
#define DR_SCENARIO_MODEL_OPTIONS_H

#include "base/error.h"
#include "base/memory.h"

typedef enum dr_option_kind { DR_OPTION_TEXT, DR_OPTION_CLOSURE, DR_OPTION_NUMBER, DR_OPTION_COUNT } dr_option_kind;

typedef struct dr_option_field {
    const char *name; /* as documents and the command line write it */
    dr_option_kind kind;
    size_t offset;
} dr_option_field;

enum { DR_MODEL_OPTIONS = 20 };
extern const dr_option_field dr_model_options_fields[DR_MODEL_OPTIONS];

/* The text of a field that is one; the text field of that name (NULL: there is none). */
const char **dr_option_text(dr_model_options *options, const dr_option_field *field);
const char **dr_option_find(dr_model_options *options, const char *name);

/* A copy whose texts live as long as the arena. */
dr_status dr_options_keep(dr_model_options *out, const dr_model_options *of, dr_arena *arena);

/* A text that identifies options: two texts are equal if and only if the options are. To be freed; NULL: no memory. */
char *dr_options_name(const dr_model_options *options);

#endif
