#include "serve/job_parts.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/names.h"

/* Addresses are counted by a hash of theirs: two that share a place share their lot. */
enum { PLACES = 1024, CROWD = SERVE_MOST_CONNECTIONS * 4 / 5 };

static unsigned place_of(const struct sockaddr *address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at = {.any = {0}};
    bool six = address->sa_family == AF_INET6;
    memcpy(&at, address, six ? sizeof at.six : sizeof at.four);
    const void *bytes = six ? (const void *)&at.six.sin6_addr : (const void *)&at.four.sin_addr;
    return (unsigned)(dr_hash(DR_HASH_SEED, bytes, six ? sizeof at.six.sin6_addr : sizeof at.four.sin_addr) % PLACES);
}

/* Its socket is closed by libmicrohttpd, which sees the end of the connection. */
static void cut(serve_connection *connection)
{
    shutdown(connection->socket, SHUT_RDWR);
    connection->cut = true;
}

/* Closes an idle connection where there are many; with the lock held. */
static void make_room(serve_jobs *jobs)
{
    unsigned counts[PLACES] = {0};
    serve_connection *out = NULL;
    if (jobs->connection_count < CROWD)
        return;
    for (const serve_connection *at = jobs->connections; at; at = at->next)
        counts[at->place] += !at->cut;
    for (serve_connection *at = jobs->connections; at; at = at->next) {
        bool more = !out || counts[at->place] > counts[out->place];
        bool older = out && counts[at->place] == counts[out->place] && at->since < out->since;
        if (!at->used && !at->cut && (more || older))
            out = at;
    }
    if (out)
        cut(out);
}

serve_connection *serve_connection_new(serve_jobs *jobs, int socket, const struct sockaddr *address)
{
    serve_connection *connection = dr_new(1, sizeof *connection);
    if (!connection)
        return NULL;
    double now = dr_seconds();
    *connection = (serve_connection){socket, .deadline = now + SERVE_PATIENCE, .since = now};
    connection->place = place_of(address);
    pthread_mutex_lock(&jobs->lock);
    make_room(jobs);
    jobs->connection_count++;
    connection->next = jobs->connections;
    jobs->connections = connection;
    pthread_mutex_unlock(&jobs->lock);
    return connection;
}

void serve_connection_free(serve_jobs *jobs, serve_connection *connection)
{
    pthread_mutex_lock(&jobs->lock);
    serve_connection **at = &jobs->connections;
    while (*at != connection)
        at = &(*at)->next;
    *at = connection->next;
    jobs->connection_count--;
    pthread_mutex_unlock(&jobs->lock);
    free(connection);
}

void serve_connections_cut_slow(serve_jobs *jobs)
{
    double time = dr_seconds();
    for (serve_connection *connection = jobs->connections; connection; connection = connection->next)
        if (time > connection->deadline && !connection->cut)
            cut(connection);
}
