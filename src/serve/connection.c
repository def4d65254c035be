#include "serve/job_parts.h"

#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"

serve_connection *serve_connection_new(serve_jobs *jobs, int socket)
{
    serve_connection *connection = dr_new(1, sizeof *connection);
    if (!connection)
        return NULL;
    pthread_mutex_lock(&jobs->lock);
    *connection = (serve_connection){socket, dr_seconds() + SERVE_PATIENCE, jobs->connections};
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
    pthread_mutex_unlock(&jobs->lock);
    free(connection);
}

void serve_connections_cut_slow(serve_jobs *jobs)
{
    double time = dr_seconds();
    for (serve_connection *connection = jobs->connections; connection; connection = connection->next)
        if (time > connection->deadline) {
            shutdown(connection->socket, SHUT_RDWR);
            connection->deadline = INFINITY;
        }
}
