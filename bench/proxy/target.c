/* The target behind the proxies: one thread, epoll, HTTP/1.1 with keep-alive; cheap enough never to be the bottleneck.
 *
 *   /            1,024 bytes
 *   /bytes/N     N bytes, up to 16 MiB
 *   /chunked     4 chunks of 1,000 bytes
 *
 * Request bodies (Content-Length or chunked) are read and thrown away. Prints its port, then serves until killed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_BODY = 16 << 20, IN = 32768, EVENTS = 512 };

struct connection {
    int fd;
    int have;             /* bytes in the buffer */
    long body;            /* bytes of a request's body still to come; -1: chunked, until the last chunk */
    int close_after;
    char head[160];       /* of the response under way */
    int head_length, head_sent;
    long body_length, body_sent;
    int chunked;
    char in[IN];
};

static char zeros[MAX_BODY];
static char chunks[5000];
static int chunks_length;
static int poll_fd;

static void prepare(void) {
    memset(zeros, 'x', sizeof zeros);
    for (int i = 0; i < 4; i++) {
        chunks_length += sprintf(chunks + chunks_length, "%x\r\n", 1000);
        memset(chunks + chunks_length, 'c', 1000);
        chunks_length += 1000;
        chunks_length += sprintf(chunks + chunks_length, "\r\n");
    }
    chunks_length += sprintf(chunks + chunks_length, "0\r\n\r\n");
}

static void drop(struct connection *c) {
    close(c->fd);
    free(c);
}

static void watch(struct connection *c, unsigned events) {
    struct epoll_event event = { .events = events, .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

/* 1: all sent; 0: the socket is full; -1: broken. */
static int send_response(struct connection *c) {
    const char *body = c->chunked ? chunks : zeros;
    while (c->head_sent < c->head_length || c->body_sent < c->body_length) {
        struct iovec parts[2] = {
            { c->head + c->head_sent, c->head_length - c->head_sent },
            { (char *) body + c->body_sent, c->body_length - c->body_sent },
        };
        struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
        ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN ? 0 : -1;
        }
        int of_head = c->head_length - c->head_sent;
        of_head = sent < of_head ? (int) sent : of_head;
        c->head_sent += of_head;
        c->body_sent += sent - of_head;
    }
    return 1;
}

static void respond(struct connection *c, const char *path) {
    long length = 1024;
    if (!strncmp(path, "/bytes/", 7)) {
        length = atol(path + 7);
        length = length < 0 ? 0 : length > MAX_BODY ? MAX_BODY : length;
    }
    c->chunked = !strncmp(path, "/chunked", 8);
    c->body_length = c->chunked ? chunks_length : length;
    c->body_sent = c->head_sent = 0;
    const char *connection = c->close_after ? "Connection: close\r\n" : "";
    c->head_length = c->chunked
            ? sprintf(c->head, "HTTP/1.1 200 OK\r\nServer: target\r\nTransfer-Encoding: chunked\r\n%s\r\n", connection)
            : sprintf(c->head, "HTTP/1.1 200 OK\r\nServer: target\r\nContent-Length: %ld\r\n%s\r\n", length, connection);
}

static char *field(char *head, const char *name) {
    char *found = strcasestr(head, name);
    return found == NULL ? NULL : found + strlen(name);
}

/* Takes what it can out of the buffer; 1 when a response was begun. */
static int parse(struct connection *c) {
    if (c->body > 0) {
        int taken = c->body < c->have ? (int) c->body : c->have;
        memmove(c->in, c->in + taken, c->have - taken);
        c->have -= taken;
        c->body -= taken;
        return 0;
    }
    c->in[c->have] = 0;
    if (c->body < 0) {
        char *end = memmem(c->in, c->have, "0\r\n\r\n", 5);
        int taken = end != NULL ? (int) (end + 5 - c->in) : c->have > 4 ? c->have - 4 : 0;
        memmove(c->in, c->in + taken, c->have - taken);
        c->have -= taken;
        c->body = end != NULL ? 0 : -1;
        return 0;
    }
    char *end = memmem(c->in, c->have, "\r\n\r\n", 4);
    if (end == NULL) {
        return 0;
    }
    int head = (int) (end + 4 - c->in);
    char kept = c->in[head];
    c->in[head] = 0;
    char *length = field(c->in, "\r\nContent-Length: ");
    char *coding = field(c->in, "\r\nTransfer-Encoding: ");
    char *closing = field(c->in, "\r\nConnection: ");
    c->close_after = closing != NULL && !strncasecmp(closing, "close", 5);
    c->body = coding != NULL ? -1 : length != NULL ? atol(length) : 0;
    char *path = strchr(c->in, ' ');
    respond(c, path == NULL ? "/bytes/1024" : path + 1);
    c->in[head] = kept;
    memmove(c->in, c->in + head, c->have - head);
    c->have -= head;
    return 1;
}

static void serve(struct connection *c, unsigned events) {
    if (events & EPOLLOUT) {
        int sent = send_response(c);
        if (sent < 0 || (sent > 0 && c->close_after && c->body == 0)) {
            drop(c);
            return;
        }
        if (sent == 0) {
            return;
        }
        watch(c, EPOLLIN);
    }
    for (;;) {
        int before = c->have;
        long body = c->body;
        if (c->have > 0 && parse(c)) {
            int sent = send_response(c);
            if (sent < 0) {
                drop(c);
                return;
            }
            if (sent == 0) {
                watch(c, EPOLLOUT);
                return;
            }
            if (c->close_after && c->body == 0) {
                drop(c);
                return;
            }
            continue;
        }
        if (c->have != before || c->body != body) {
            continue;
        }
        ssize_t got = recv(c->fd, c->in + c->have, IN - 1 - c->have, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            drop(c);
            return;
        }
        if (got < 0) {
            return;
        }
        c->have += (int) got;
    }
}

static void accept_all(int listener) {
    int one = 1;
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) {
            close(fd);
            continue;
        }
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
        epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int count, char **arguments) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    prepare();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0) };
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (bind(listener, (struct sockaddr *) &address, sizeof address) || listen(listener, 4096)) {
        perror("target");
        return 1;
    }
    socklen_t length = sizeof address;
    getsockname(listener, (struct sockaddr *) &address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    poll_fd = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr == NULL) {
                accept_all(listener);
            } else {
                serve(events[i].data.ptr, events[i].events);
            }
        }
    }
}
