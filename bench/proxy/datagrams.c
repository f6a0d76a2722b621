// Both ends of the UDP row: a target that sends every datagram back, and a load of clients of which each waits for its answer
// before it sends again. One thread each.
// datagrams target                          prints its port, then serves until killed
// datagrams load PORT CLIENTS BYTES SECONDS  prints one line of JSON, as report.lua does; an answer that does not come within
//                                            two seconds is an error, and the client goes on
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, LONGEST = 65536, PATIENCE = 2000000, SLOTS = 1000000 };

struct client {
    int fd;
    unsigned number;    // of the datagram that is under way: its first four bytes
    long sent;          // when, in microseconds
};

static struct client clients[MOST];
static unsigned slots[SLOTS];    // answers by their microseconds
static char datagram[LONGEST];

static long micros(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static struct sockaddr_in local(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int target(void) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = local(0), peer;
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *) &address, size) || getsockname(fd, (struct sockaddr *) &address, &size)) {
        perror("datagrams");
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        socklen_t length = sizeof peer;
        ssize_t got = recvfrom(fd, datagram, sizeof datagram, 0, (struct sockaddr *) &peer, &length);
        if (got >= 0)
            sendto(fd, datagram, got, 0, (struct sockaddr *) &peer, length);
    }
}

static void ask(struct client *client, int bytes) {
    client->number++;
    client->sent = micros();
    memcpy(datagram, &client->number, sizeof client->number);
    send(client->fd, datagram, bytes, 0);
}

static double at(double share, long answers) {
    long seen = 0;
    for (int i = 0; i < SLOTS; i++)
        if ((seen += slots[i]) > share * answers)
            return i / 1000.0;
    return SLOTS / 1000.0;
}

static int load(int port, int count, int bytes, int seconds) {
    int epoll = epoll_create1(0);
    struct sockaddr_in address = local(port);
    long answers = 0, lost = 0, start = micros(), end = start + seconds * 1000000L, looked = start;
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        clients[i].fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        if (connect(clients[i].fd, (struct sockaddr *) &address, sizeof address)
            || epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event)) {
            perror("datagrams");
            return 1;
        }
        ask(&clients[i], bytes);
    }
    struct epoll_event events[512];
    while (micros() < end) {
        int ready = epoll_wait(epoll, events, 512, 50);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            unsigned number;
            if (recv(client->fd, datagram, sizeof datagram, 0) < (ssize_t) sizeof number)
                continue;
            memcpy(&number, datagram, sizeof number);
            if (number != client->number)
                continue;    // one that was given up already
            long took = micros() - client->sent;
            slots[took < SLOTS ? took : SLOTS - 1]++;
            answers++;
            ask(client, bytes);
        }
        if (micros() - looked > 50000) {
            looked = micros();
            for (int i = 0; i < count; i++)
                if (looked - clients[i].sent > PATIENCE) {
                    lost++;
                    ask(&clients[i], bytes);
                }
        }
    }
    printf("{\"requests\":%ld,\"micros\":%ld,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"errors\":%ld}\n",
           answers, micros() - start, at(0.5, answers), at(0.9, answers), at(0.99, answers), at(0.999, answers), lost);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "target"))
        return target();
    if (argc != 6 || strcmp(argv[1], "load") || atoi(argv[3]) > MOST || atoi(argv[4]) < 4 || atoi(argv[4]) > LONGEST)
        return 2;
    return load(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
}
