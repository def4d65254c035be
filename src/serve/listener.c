#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "serve/http.h"

static dr_status find_address(struct addrinfo **out, const char *address, unsigned short port)
{
    char number[8];
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    snprintf(number, sizeof number, "%u", (unsigned)port);
    if (getaddrinfo(address, number, &hints, out) != 0)
        return dr_fail(DR_USAGE, "serve: '%s' is not a local address; 0.0.0.0 is one", address);
    return DR_OK;
}

/* A socket that listens, or -1 with errno. */
static int listen_at(const struct addrinfo *at)
{
    const int yes = 1;
    int listener = socket(at->ai_family, SOCK_STREAM, 0);
    if (listener < 0)
        return -1;
    fcntl(listener, F_SETFD, FD_CLOEXEC);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, at->ai_addr, at->ai_addrlen) == 0 && listen(listener, SOMAXCONN) == 0)
        return listener;
    int why = errno;
    close(listener);
    errno = why;
    return -1;
}

static unsigned short port_of(int listener)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at;
    socklen_t size = sizeof at;
    memset(&at, 0, sizeof at);
    getsockname(listener, &at.any, &size);
    return ntohs(at.any.sa_family == AF_INET6 ? at.six.sin6_port : at.four.sin_port);
}

dr_status serve_listen(int *out, const char *address, unsigned short *port)
{
    struct addrinfo *at = NULL;
    DR_TRY(find_address(&at, address ? address : "127.0.0.1", *port));
    int listener = listen_at(at);
    int why = errno;
    freeaddrinfo(at);
    if (listener < 0)
        return dr_fail(DR_MACHINE, "port %u: %s; choose another one with --port", (unsigned)*port,
                       why == EADDRINUSE ? "it is used by another program" : strerror(why));
    *port = port_of(listener);
    *out = listener;
    return DR_OK;
}
