/* derisk serve under load, over loopback: clients that keep their connections ask for one solve after the other, each
 * with another tariff, as a page does while a slider moves. Beside it, in the same run: the solve alone, as the
 * certificates say. Then the same while two others have asked for 10,000 draws each. */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "wiod.h"

enum { MOST_CLIENTS = 64, REQUESTS = 640, REPLY = 1 << 20 };

typedef struct load {
    unsigned short port;
    size_t clients, each;
    double latency[REQUESTS], solve[REQUESTS]; /* [client, request] */
    size_t refused;                            /* 429: asked again */
    pthread_mutex_t lock;
} load;

typedef struct client {
    load *of;
    size_t number;
    char *reply;
} client;

/* ---- A client ---------------------------------------------------------------------------------------------------- */

static void need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static int reach(unsigned short port)
{
    const struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int line = socket(AF_INET, SOCK_STREAM, 0);
    need(line >= 0 && connect(line, (const struct sockaddr *)&at, sizeof at) == 0, "connecting");
    return line;
}

/* Reads a reply as a whole, and returns its status. */
static int read_reply(int line, char *reply)
{
    const char version[] = "HTTP/1.1 ";
    size_t size = 0, whole = 0;
    while (whole == 0 || size < whole) {
        ssize_t more = recv(line, reply + size, REPLY - size - 1, 0);
        need(more > 0, "reading a reply");
        size += (size_t)more;
        reply[size] = '\0';
        const char *end = strstr(reply, "\r\n\r\n"), *length = end ? strcasestr(reply, "Content-Length: ") : NULL;
        if (whole == 0 && length)
            whole = (size_t)(end - reply) + 4 + strtoull(length + strlen("Content-Length: "), NULL, 10);
    }
    need(strncmp(reply, version, strlen(version)) == 0, "reading a status");
    return (int)strtol(reply + strlen(version), NULL, 10);
}

/* Sends a question. */
static void post(unsigned short port, int line, const char *path, const char *body)
{
    char both[1024];
    int size = snprintf(both, sizeof both,
                        "POST /api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        path, (unsigned)port, strlen(body), body);
    need(send(line, both, (size_t)size, 0) == size, "sending");
}

static int ask(const client *c, int line, size_t request)
{
    char body[512];
    double rate = 0.2 + 0.0001 * (double)(c->number * c->of->each + request);
    snprintf(body, sizeof body,
             "{\"scenario\": {\"elasticity\": 5, \"changes\": [{\"tariff\": {\"by\": \"EU\", \"on\": \"CHN\", "
             "\"sectors\": \"goods\", \"rate\": %.4f}}]}}",
             rate);
    post(c->of->port, line, "simulate", body);
    return read_reply(line, c->reply);
}

static double solve_seconds(const char *reply)
{
    static const char name[] = "\"solve_seconds\": ";
    const char *found = strstr(reply, name);
    need(found != NULL, "finding the certificate");
    return strtod(found + sizeof name - 1, NULL);
}

static void *run_client(void *user)
{
    client *c = user;
    int line = reach(c->of->port);
    for (size_t i = 0; i < c->of->each; i++) {
        size_t at = c->number * c->of->each + i;
        double start = bench_now();
        int status;
        while ((status = ask(c, line, i)) == 429) {
            pthread_mutex_lock(&c->of->lock);
            c->of->refused++;
            pthread_mutex_unlock(&c->of->lock);
            usleep(10000);
        }
        need(status == 200, "a solve");
        c->of->latency[at] = bench_now() - start;
        c->of->solve[at] = solve_seconds(c->reply);
    }
    close(line);
    return NULL;
}

/* ---- All clients ------------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double run_clients(load *l)
{
    pthread_t threads[MOST_CLIENTS];
    client clients[MOST_CLIENTS];
    double start = bench_now();
    for (size_t i = 0; i < l->clients; i++) {
        clients[i] = (client){l, i, malloc(REPLY)};
        need(clients[i].reply && pthread_create(&threads[i], NULL, run_client, &clients[i]) == 0, "starting a client");
    }
    for (size_t i = 0; i < l->clients; i++) {
        pthread_join(threads[i], NULL);
        free(clients[i].reply);
    }
    return bench_now() - start;
}

static void measure(load *l, size_t clients)
{
    l->clients = clients;
    l->each = REQUESTS / clients;
    l->refused = 0;
    double seconds = run_clients(l);
    qsort(l->latency, REQUESTS, sizeof *l->latency, ascending);
    qsort(l->solve, REQUESTS, sizeof *l->solve, ascending);
    double half = l->latency[REQUESTS / 2], solve = l->solve[REQUESTS / 2];
    printf(
        "%2zu clients %8.1f solves/s   latency 50%% %8.2f ms  99%% %8.2f ms   solve alone 50%% %6.2f ms   ratio %.2f   "
        "sent away %zu\n",
        clients, REQUESTS / seconds, 1e3 * half, 1e3 * l->latency[REQUESTS * 99 / 100], 1e3 * solve, half / solve,
        l->refused);
}

/* The same beside two that draw, of whom one place at a time is taken. */
static void measure_beside_draws(load *l)
{
    int lines[2];
    for (size_t i = 0; i < 2; i++) {
        lines[i] = reach(l->port);
        post(l->port, lines[i], "draws",
             "{\"scenario\": {\"elasticity\": 5, \"changes\": [{\"tariff\": {\"by\": \"EU\", \"on\": \"CHN\", "
             "\"rate\": 0.25}}]}, \"draws\": 10000, \"elasticity-error\": 0.2}");
    }
    usleep(500000);
    printf("beside two clients that draw:\n");
    measure(l, 1);
    for (size_t i = 0; i < 2; i++)
        close(lines[i]);
}

/* ---- The server -------------------------------------------------------------------------------------------------- */

static pid_t start_server(char *program, char *world, unsigned short *port)
{
    char *const arguments[] = {program, "serve", world, "--port", "0", "--quiet", NULL};
    const char begin[] = "http://127.0.0.1:";
    int ends[2];
    char url[128] = "";
    need(pipe(ends) == 0, "a pipe");
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execvp(program, arguments);
        _exit(127);
    }
    close(ends[1]);
    need(child > 0 && read(ends[0], url, sizeof url - 1) > 0 && strncmp(url, begin, strlen(begin)) == 0,
         "starting the server");
    *port = (unsigned short)strtoul(url + strlen(begin), NULL, 10);
    close(ends[0]);
    return child;
}

int main(int count, char **arguments)
{
    static load l = {.lock = PTHREAD_MUTEX_INITIALIZER};
    char world[1024];
    const char *folder = bench_folder();
    wiod data = wiod_find();
    if (count != 2 || data.count == 0)
        return count != 2;
    snprintf(world, sizeof world, "%s/wiod.world", folder);
    wiod_import(&data, arguments[1], data.count - 1, 1, world);
    pid_t server = start_server(arguments[1], world, &l.port);
    printf("WIOD's last year, a tariff on goods, table of regions; %d requests\n", REQUESTS);
    for (size_t clients = 1; clients <= MOST_CLIENTS; clients *= 8)
        measure(&l, clients);
    measure_beside_draws(&l);
    int status = 1;
    kill(server, SIGTERM);
    need(waitpid(server, &status, 0) == server && status == 0, "stopping the server");
    unlink(world);
    rmdir(folder);
    return 0;
}
