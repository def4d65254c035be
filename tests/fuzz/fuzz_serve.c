/* Any bytes as a request to the server, without sockets: a line "METHOD /path?name=value&...", then the body. Whatever
 * it is, the reply is JSON, of a status that is told of. */
#include "fuzz.h"

#include <string.h>

#include "serve/api.h"

enum { MOST_FIELDS = 8, PATIENCE = 20 /* evaluations */ };

static const char table[] = "V1,DEU_C26,DEU_C29,CHN_C26,CHN_C29,DEU_FD,CHN_FD,OUT\n"
                            "DEU_C26,10,5,2,1,40,8,66\n"
                            "DEU_C29,4,12,1,2,50,9,78\n"
                            "CHN_C26,3,2,20,6,7,60,98\n"
                            "CHN_C29,2,3,5,15,6,55,86\n"
                            "VA,47,56,70,62,0,0,235\n"
                            "OUT,66,78,98,86,0,0,328\n";

static char folder[] = "/tmp/derisk-fuzz-XXXXXX", file[64], world[64];
static serve_context *context;
static serve_session *session;
static dr_cancel *cancel;
static int evaluations;

static void end(void)
{
    serve_session_free(session);
    serve_context_free(context);
    unlink(file);
    unlink(world);
    rmdir(folder);
}

static void begin(void)
{
    if (!mkdtemp(folder) || atexit(end) != 0)
        abort();
    snprintf(file, sizeof file, "%s/t_2011.csv", folder);
    snprintf(world, sizeof world, "%s/t.world", folder);
    FILE *out = fopen(file, "w");
    const char *path = file;
    if (!out || fputs(table, out) < 0 || fclose(out) != 0 || dr_import_icio(NULL, &path, 1, world, NULL) != DR_OK ||
        serve_context_new(&context, world, false) != DR_OK || serve_session_new(&session, context) != DR_OK)
        abort();
    context->limits.draws = 10;
}

/* Nobody waits for long. */
static void count(const char *what, size_t done, size_t all, void *user)
{
    (void)what, (void)done, (void)all, (void)user;
    if (++evaluations > PATIENCE)
        dr_cancel_now(cancel);
}

/* Cuts "a=b&c=d" in place. */
static size_t cut_query(char *text, serve_field *fields)
{
    size_t found = 0;
    for (char *field; text && found < MOST_FIELDS && (field = strsep(&text, "&"));) {
        char *value = strchr(field, '=');
        if (value)
            *value++ = '\0';
        fields[found++] = (serve_field){field, value ? value : ""};
    }
    return found;
}

static void check(const serve_reply *reply)
{
    static const unsigned statuses[] = {200, 400, 404, 405, 409, 415, 422, 503};
    json_t *json = json_loadb(reply->text, reply->size, 0, NULL);
    bool known = false;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        known = known || reply->status == statuses[i];
    if (!known || !json || !json_object_get(json, "error") != (reply->status == 200) || strstr(reply->text, folder))
        abort();
    json_decref(json);
}

static void answer(char *line, const char *body, size_t size)
{
    const serve_guard guard = {.port = 8787};
    serve_field fields[MOST_FIELDS];
    serve_reply reply = {0};
    char *path = line, *method = strsep(&path, " "), *query = path;
    char *place = query ? strsep(&query, "?") : NULL;
    serve_request request = {.method = method,
                             .path = place ? place : "",
                             .host = "localhost:8787",
                             .type = "application/json",
                             .query = fields,
                             .query_count = cut_query(query, fields),
                             .body = body,
                             .body_size = size};
    const serve_endpoint *endpoint = serve_find(&reply, &guard, &request);
    if (endpoint && dr_cancel_new(&cancel) == DR_OK) {
        evaluations = 0;
        dr_cancel_watch(cancel);
        serve_answer(&reply, endpoint, context, session, &request, count, NULL);
        dr_cancel_watch(NULL);
        dr_cancel_free(cancel);
    }
    check(&reply);
    serve_reply_free(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *end_of_line = size ? memchr(bytes, '\n', size) : NULL;
    size_t length = end_of_line ? (size_t)(end_of_line - bytes) : size;
    char *line = malloc(length + 1);
    if (!context)
        begin();
    if (!line)
        abort();
    if (memmem(bytes, size, folder, strlen(folder))) { /* who names it may be told it */
        free(line);
        return 0;
    }
    memcpy(line, bytes, length);
    line[length] = '\0';
    answer(line, (const char *)bytes + (end_of_line ? length + 1 : size), end_of_line ? size - length - 1 : 0);
    free(line);
    return 0;
}
