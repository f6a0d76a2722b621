/* What is probed: one thread, epoll, every address of 127.0.0.0/8 at one port. Answers each HTTP request with 200 and waits
 * for the prober to close. GET /count answers how many others it has answered. Prints its port, then serves until killed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN = 2048, EVENTS = 512 };

struct connection {
    int fd;
    int have;
    char in[IN];
};

static long answered;

static void drop(struct connection *c) {
    close(c->fd);
    free(c);
}

static void serve(struct connection *c) {
    for (;;) {
        ssize_t got = recv(c->fd, c->in + c->have, IN - 1 - c->have, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            drop(c);
            return;
        }
        if (got < 0) {
            return;
        }
        c->have += (int) got;
        c->in[c->have] = 0;
        if (strstr(c->in, "\r\n\r\n") != NULL) {
            char body[32] = "ok\n";
            if (!strncmp(c->in, "GET /count ", 11)) {
                snprintf(body, sizeof body, "%ld\n", answered);
            } else {
                answered++;
            }
            char out[160];
            int length = snprintf(out, sizeof out, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                    strlen(body), body);
            if (send(c->fd, out, length, MSG_NOSIGNAL) != length) {
                drop(c);
                return;
            }
            c->have = 0;
        } else if (c->have >= IN - 1) {
            drop(c);
            return;
        }
    }
}

int main(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    /* The wildcard, for all of 127.0.0.0/8; nobody else's packets reach the reply, which goes back over loopback only. */
    struct sockaddr_in address = { .sin_family = AF_INET };
    setsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) || listen(listener, 4096)) {
        perror("target");
        return 1;
    }
    socklen_t length = sizeof address;
    getsockname(listener, (struct sockaddr *) &address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int poll_fd = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (c != NULL) {
                serve(c);
                continue;
            }
            int fd;
            while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                c = calloc(1, sizeof *c);
                if (c == NULL) {
                    close(fd);
                    continue;
                }
                c->fd = fd;
                struct epoll_event added = { .events = EPOLLIN, .data.ptr = c };
                epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &added);
            }
        }
    }
}
