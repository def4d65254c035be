/* Who asks: the address of the client, which a trusted proxy tells, and the user, whom it names. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>

#include "base/clean.h"
#include "base/names.h"
#include "serve/http.h"

enum { MOST_USER = 200, ADDRESS_SIZE = 64 };

/* The last value of a header, and how often it is given. */
typedef struct last_value {
    const char *name, *value;
    size_t count;
} last_value;

static enum MHD_Result take_value(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    last_value *last = user;
    (void)kind;
    if (strcasecmp(name, last->name) != 0)
        return MHD_YES;
    last->value = value ? value : "";
    last->count++;
    return MHD_YES;
}

/* The address at the other end of the connection, as text. */
static const char *peer(serve_job *job)
{
    char text[NI_MAXHOST] = "?";
    const struct sockaddr *at =
        MHD_get_connection_info(job->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    socklen_t size = at->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    getnameinfo(at, size, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    return dr_arena_text(&job->arena, text);
}

/* The last address of X-Forwarded-For: the one that the proxy has added. Those before it are the client's own words.
 * NULL: there is none, or it is no address. */
static const char *forwarded(serve_job *job)
{
    unsigned char bytes[16];
    char text[ADDRESS_SIZE];
    last_value last = {.name = "X-Forwarded-For"};
    MHD_get_connection_values(job->connection, MHD_HEADER_KIND, take_value, &last);
    const char *comma = last.value ? strrchr(last.value, ',') : NULL, *from = comma ? comma + 1 : last.value;
    if (!from)
        return NULL;
    from += strspn(from, " \t");
    size_t length = strcspn(from, " \t");
    if (length >= sizeof text)
        return NULL;
    memcpy(text, from, length);
    text[length] = '\0';
    bool good = inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
    return good ? dr_arena_text(&job->arena, text) : NULL;
}

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (iscntrl((unsigned char)text[i]))
            return false;
    return length > 0 && length <= MOST_USER && dr_utf8(text);
}

/* Requests without the name of a user are left to serve_admit. Whether the header is in order. */
static bool take_user(serve_job *job, const char *name)
{
    last_value last = {.name = name};
    MHD_get_connection_values(job->connection, MHD_HEADER_KIND, take_value, &last);
    if (last.count == 0)
        return true;
    if (last.count == 1 && is_name(last.value)) {
        job->request.user = dr_arena_text(&job->arena, last.value);
        return true;
    }
    serve_refuse(&job->reply, 400, "usage",
                 last.count > 1 ? "the header %s is given several times" : "the header %s is not the name of a user",
                 name);
    return false;
}

bool serve_identify(serve_job *job, const serve_guard *guard)
{
    serve_request *request = &job->request;
    request->address = guard->behind_proxy ? forwarded(job) : NULL;
    if (!request->address)
        request->address = peer(job);
    bool good = !guard->user_header || take_user(job, guard->user_header);
    request->client = request->user ? request->user : request->address;
    return good;
}
