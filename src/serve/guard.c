/* Who may ask: the page that this server sent, on this machine or with the token. */
#define _GNU_SOURCE /* pthread_rwlock_t */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/api.h"

bool serve_same_secret(const char *a, const char *b)
{
    size_t length = strlen(a), other = strlen(b);
    unsigned char differ = length != other;
    for (size_t i = 0; i < length; i++)
        differ |= (unsigned char)(a[i] ^ b[other ? i % other : 0]);
    return differ == 0;
}

/* Whether `host` is this machine, at this port: a page of another host whose name leads here (DNS rebinding) says its own. */
static bool is_here(const char *host, unsigned short port)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%s:%u", names[i], (unsigned)port);
        if (strcasecmp(host, expected) == 0 || (port == 80 && strcasecmp(host, names[i]) == 0))
            return true;
    }
    return false;
}

/* A browser names the origin of the page that asks; where it is another one, it may not. */
static bool same_origin(const serve_request *request)
{
    static const char scheme[] = "http://";
    const char *origin = request->origin;
    return !origin || (strncasecmp(origin, scheme, sizeof scheme - 1) == 0 &&
                       strcasecmp(origin + sizeof scheme - 1, request->host) == 0);
}

static bool has_token(const char *authorization, const char *token)
{
    static const char scheme[] = "Bearer ";
    return authorization && strncasecmp(authorization, scheme, sizeof scheme - 1) == 0 &&
           serve_same_secret(authorization + sizeof scheme - 1, token);
}

bool serve_admit(serve_reply *out, const serve_guard *guard, const serve_request *request, bool api)
{
    if (!request->host)
        serve_refuse(out, 400, "usage", "the header Host was expected");
    else if (!guard->token && !is_here(request->host, guard->port))
        serve_refuse(out, 403, "forbidden", "this server answers to 127.0.0.1:%u and localhost:%u only",
                     (unsigned)guard->port, (unsigned)guard->port);
    else if (api && !same_origin(request))
        serve_refuse(out, 403, "forbidden", "pages of other origins may not ask");
    else if (api && guard->token && !has_token(request->authorization, guard->token))
        serve_refuse(out, 401, "forbidden", "the token was expected, as the header 'Authorization: Bearer TOKEN'");
    else
        return true;
    return false;
}
