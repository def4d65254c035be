/* Admission: requests of the page of this server, from this machine, through the proxy of --origin, or with the
 * token. */
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

/* Whether `host` names this machine and port. A page of another host whose name resolves to it (DNS rebinding) sends
 * its own name. */
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

/* The host and port of an origin, "https://host:port". */
static const char *host_of(const char *origin)
{
    return strstr(origin, "://") + 3;
}

/* A proxy passes on the host name that its users request, or uses a name of this machine. */
static bool is_proxied(const serve_guard *guard, const serve_request *request)
{
    return guard->origin && strcasecmp(request->host, host_of(guard->origin)) == 0;
}

/* A browser sends the origin of the requesting page, which must be that of this server. */
static bool same_origin(const serve_guard *guard, const serve_request *request)
{
    static const char scheme[] = "http://";
    const char *origin = request->origin;
    return !origin || (guard->origin && strcasecmp(origin, guard->origin) == 0) ||
           (strncasecmp(origin, scheme, sizeof scheme - 1) == 0 &&
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
        serve_refuse(out, 400, "usage", "the header Host is missing");
    else if (!guard->token && !is_here(request->host, guard->port) && !is_proxied(guard, request))
        serve_refuse(out, 403, "forbidden", "this server answers only to 127.0.0.1:%u and localhost:%u%s%s",
                     (unsigned)guard->port, (unsigned)guard->port, guard->origin ? ", and through a proxy at " : "",
                     guard->origin ? guard->origin : "; use --origin for a reverse proxy");
    else if (api && !same_origin(guard, request))
        serve_refuse(out, 403, "forbidden", "requests from pages of other origins are not allowed");
    else if (api && guard->token && !has_token(request->authorization, guard->token))
        serve_refuse(out, 401, "forbidden",
                     "the token is missing or wrong: expected the header 'Authorization: Bearer TOKEN'");
    else if (api && guard->user_header && !request->user)
        serve_refuse(out, 401, "forbidden", "the header %s is missing, in which the proxy names the user",
                     guard->user_header);
    else
        return true;
    return false;
}

/* Whether `host` is a name or an address, and perhaps a port. */
static bool is_host(const char *host)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t name = *host == '[' ? strspn(host + 1, "0123456789abcdefABCDEF:.") + 2 : strspn(host, letters);
    if (name == 0 || (*host == '[' && (name == 2 || host[name - 1] != ']')))
        return false;
    size_t digits = host[name] == ':' ? strspn(host + name + 1, "0123456789") : 0;
    return host[name] == '\0' || (digits > 0 && digits < 6 && host[name + 1 + digits] == '\0');
}

/* A path of names between slashes, without one at its end. */
static bool is_path(const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    size_t length = strlen(path);
    return length == 0 || (path[0] == '/' && path[length - 1] != '/' && !strstr(path, "//") && !strstr(path, "/.") &&
                           strspn(path, letters) == length);
}

static bool read_origin(char out[SERVE_ORIGIN_SIZE], char path[SERVE_ORIGIN_SIZE], const char *given)
{
    static const struct {
        const char *scheme, *port; /* the default, which browsers omit */
    } schemes[] = {{"https://", ":443"}, {"http://", ":80"}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && strlen(given) < SERVE_ORIGIN_SIZE; i++) {
        size_t length = strlen(schemes[i].scheme), port = strlen(schemes[i].port);
        if (strncasecmp(given, schemes[i].scheme, length) != 0)
            continue;
        snprintf(out, SERVE_ORIGIN_SIZE, "%s", given);
        char *slash = strchr(out + length, '/');
        snprintf(path, SERVE_ORIGIN_SIZE, "%s", slash ? slash : "");
        if (slash)
            *slash = '\0';
        if (!is_host(out + length) || !is_path(path))
            continue;
        char *end = out + strlen(out) - port;
        if (end > out + length && strcmp(end, schemes[i].port) == 0)
            *end = '\0';
        return true;
    }
    return false;
}

dr_status serve_origin_check(char out[SERVE_ORIGIN_SIZE], char path[SERVE_ORIGIN_SIZE], const char *given)
{
    if (read_origin(out, path, given))
        return DR_OK;
    return dr_fail(DR_USAGE,
                   "serve: --origin '%s': expected an origin such as https://derisk.example.org, perhaps with a path "
                   "such as /derisk",
                   given);
}

dr_status serve_frames_check(char out[SERVE_FRAMES_SIZE], const char *given)
{
    size_t used = 0;
    char one[SERVE_ORIGIN_SIZE], origin[SERVE_ORIGIN_SIZE], path[SERVE_ORIGIN_SIZE];
    for (const char *at = given, *next; at; at = next) {
        at += strspn(at, " ");
        size_t length = strcspn(at, ",");
        next = at[length] == ',' ? at + length + 1 : NULL;
        while (length > 0 && at[length - 1] == ' ')
            length--;
        snprintf(one, sizeof one, "%.*s", (int)(length < sizeof one ? length : sizeof one - 1), at);
        if (length >= sizeof one || !read_origin(origin, path, one) || *path)
            return dr_fail(DR_USAGE, "serve: --embed-hosts '%s': expected origins such as https://news.example.org",
                           one);
        if (used + strlen(origin) + 2 > SERVE_FRAMES_SIZE)
            return dr_fail(DR_USAGE, "serve: --embed-hosts has more than %d letters", (int)SERVE_FRAMES_SIZE);
        used += (size_t)snprintf(out + used, SERVE_FRAMES_SIZE - used, "%s%s", used ? " " : "", origin);
    }
    return DR_OK;
}
