// Loaded into wrk (LD_PRELOAD) where each handshake is to be a full one: wrk clears its SSL object before each connection, which
// leaves the session, and with it the ticket by which the next handshake is an abbreviated one.
#define _GNU_SOURCE
#include <dlfcn.h>

int SSL_clear(void *ssl) {
    int (*clear)(void *) = (int (*)(void *)) dlsym(RTLD_NEXT, "SSL_clear");
    int (*set_session)(void *, void *) = (int (*)(void *, void *)) dlsym(RTLD_NEXT, "SSL_set_session");
    int result = clear(ssl);
    set_session(ssl, 0);
    return result;
}
