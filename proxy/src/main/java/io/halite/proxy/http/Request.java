package io.halite.proxy.http;

import io.halite.proxy.route.RequestHead;

/**
 * One parsed request: its head as routing sees it, and what the relay must know of its framing. Offsets count from the
 * first byte of the request. Reused from request to request; confined to one loop.
 */
final class Request {
    static final long NO_LENGTH = -1;
    static final int ABSENT = -1;

    final RequestHead head = new RequestHead();
    final HeaderLines lines = new HeaderLines();

    /** Bytes of the head, the empty line included. */
    int length;
    /** 0 or 1: HTTP/1.0 or later. */
    int minor;
    long contentLength;
    boolean chunked;
    boolean keepAlive;
    boolean expectContinue;
    /** It asks for another protocol on this connection. */
    boolean upgrade;
    int upgradeStart;
    int upgradeEnd;
    boolean acceptsJson;
    boolean acceptsTrailers;
    boolean isHead;
    /** A request that may be sent twice without harm, RFC 9110 §9.2.2. */
    boolean isIdempotent;
    /** The authority as the client named it, with its port: from the absolute form, else from Host. */
    int authorityStart;
    int authorityEnd;
    /** The absolute form named the authority: the Host line stays here. */
    boolean isAbsolute;
    int requestIdStart;
    int requestIdEnd;
    /** Connection names header lines that are meant for this hop. */
    boolean hasConnectionOptions;
    /** OPTIONS about the server as a whole: the asterisk form, or a request that may go no further. */
    boolean isForServer;
    /** Of OPTIONS and TRACE; ABSENT for none. */
    int maxForwards;
    /** The peer is a proxy that is believed what it says of its client. */
    boolean fromProxy;
    /** It says by which hosts and addresses it came, in whatever header. */
    boolean isForwarded;
    /** The client came over TLS to the proxy before this one, or did not; only meaningful when a proxy says it. */
    boolean forwardedSecure;
    boolean saysForwardedProto;
    /** Its content is that of a gRPC call. */
    boolean isGrpc;
    /** Nanoseconds that the client of a call waits; ABSENT when it does not say. */
    long grpcTimeout;
    /** What is wrong with it, when the parser refused it. */
    Reason reason = Reason.BAD_REQUEST_LINE;

    void clear(byte[] target, byte[] client) {
        head.reset(target, client);
        head.method(0, 0);
        head.path(0, 0, 0);
        lines.clear();
        length = 0;
        minor = 1;
        contentLength = NO_LENGTH;
        chunked = false;
        keepAlive = false;
        expectContinue = false;
        upgrade = false;
        upgradeStart = 0;
        upgradeEnd = 0;
        acceptsJson = false;
        acceptsTrailers = false;
        isHead = false;
        isIdempotent = false;
        authorityStart = ABSENT;
        authorityEnd = ABSENT;
        isAbsolute = false;
        requestIdStart = ABSENT;
        requestIdEnd = ABSENT;
        hasConnectionOptions = false;
        isForServer = false;
        maxForwards = ABSENT;
        fromProxy = false;
        isForwarded = false;
        forwardedSecure = false;
        saysForwardedProto = false;
        isGrpc = false;
        grpcTimeout = ABSENT;
    }

    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}
