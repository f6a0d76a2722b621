// The least that a TCP relay can cost: one thread, epoll, level-triggered, two connections per client, recv and send.
// No limits, no deadlines, no counters, no choice of target. What a proxy's TCP listener is compared with.
// floor LISTEN_PORT TARGET_PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 20100

struct end {
    int peer;         // the other descriptor
    char *held;       // what the other end sent and this one did not take yet
    int from, to;
    int closing;      // ends when what it holds is sent
};

static struct end ends[MOST];
static int epoll;
static char room[262144];

static void want(int fd, unsigned events, int how) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    epoll_ctl(epoll, how, fd, &event);
}

static void drop(int fd) {
    int peer = ends[fd].peer;
    for (int i = 0; i < 2; i++) {
        int each = i ? peer : fd;
        free(ends[each].held);
        memset(&ends[each], 0, sizeof ends[each]);
        close(each);
    }
}

static struct sockaddr_in local(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void take(int listening, int target_port) {
    int client = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), one = 1;
    if (client < 0)
        return;
    int target = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = local(target_port);
    if (target < 0 || client >= MOST || target >= MOST
        || (connect(target, (struct sockaddr *) &address, sizeof address) < 0 && errno != EINPROGRESS)) {
        close(client);
        if (target >= 0)
            close(target);
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(target, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ends[client].peer = target;
    ends[target].peer = client;
    want(client, EPOLLIN, EPOLL_CTL_ADD);
    want(target, EPOLLIN, EPOLL_CTL_ADD);
}

static void flush(int fd) {
    struct end *end = &ends[fd];
    ssize_t sent = send(fd, end->held + end->from, end->to - end->from, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN)
            drop(fd);
        return;
    }
    end->from += sent;
    if (end->from == end->to) {
        int closing = end->closing;
        free(end->held);
        end->held = NULL;
        if (closing) {
            drop(fd);
            return;
        }
        want(fd, EPOLLIN, EPOLL_CTL_MOD);
        want(end->peer, EPOLLIN, EPOLL_CTL_MOD);
    }
}

static void pass(int fd) {
    int peer = ends[fd].peer;
    ssize_t got = recv(fd, room, sizeof room, 0);
    if (got <= 0) {
        if (got == 0 && ends[peer].held) {
            ends[peer].closing = 1;
            want(fd, 0, EPOLL_CTL_MOD);
        } else if (got == 0 || errno != EAGAIN) {
            drop(fd);
        }
        return;
    }
    ssize_t sent = send(peer, room, got, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != ENOTCONN) {
        drop(fd);
        return;
    }
    sent = sent < 0 ? 0 : sent;
    if (sent < got) {
        ends[peer].held = malloc(got - sent);
        memcpy(ends[peer].held, room + sent, got - sent);
        ends[peer].from = 0;
        ends[peer].to = got - sent;
        want(fd, 0, EPOLL_CTL_MOD);
        want(peer, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    }
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = local(atoi(argv[1]));
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listening, (struct sockaddr *) &address, sizeof address) || listen(listening, 4096)) {
        perror("floor");
        return 1;
    }
    epoll = epoll_create1(0);
    want(listening, EPOLLIN, EPOLL_CTL_ADD);
    struct epoll_event events[512];
    for (;;) {
        int count = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listening)
                take(listening, atoi(argv[2]));
            else if (ends[fd].peer && (events[i].events & EPOLLOUT) && ends[fd].held)
                flush(fd);
            else if (ends[fd].peer)
                pass(fd);
        }
    }
}
