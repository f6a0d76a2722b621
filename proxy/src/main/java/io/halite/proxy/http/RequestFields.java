package io.halite.proxy.http;

/** The header fields of a request that the relay itself must understand. Part of the parser; reused. */
final class RequestFields {
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] UPGRADE = Ascii.bytes("upgrade");
    private static final byte[] TE = Ascii.bytes("te");
    private static final byte[] TRAILERS = Ascii.bytes("trailers");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] EXPECT = Ascii.bytes("expect");
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");
    private static final byte[] ACCEPT = Ascii.bytes("accept");
    private static final byte[] FORWARDED = Ascii.bytes("forwarded");
    private static final byte[] X_FORWARDED = Ascii.bytes("x-forwarded-");
    private static final byte[] X_REAL_IP = Ascii.bytes("x-real-ip");
    private static final byte[] X_REQUEST_ID = Ascii.bytes("x-request-id");
    private static final byte[] MAX_FORWARDS = Ascii.bytes("max-forwards");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] GRPC_TIMEOUT = Ascii.bytes("grpc-timeout");
    private static final byte[] HTTP2_SETTINGS = Ascii.bytes("http2-settings");
    private static final byte[] PROXY_CONNECTION = Ascii.bytes("proxy-connection");
    private static final byte[] PROXY_AUTHORIZATION = Ascii.bytes("proxy-authorization");
    private static final byte[] H2C = Ascii.bytes("h2c");
    private static final byte[] OPTIONS = Ascii.bytes("OPTIONS");
    private static final byte[] CONNECT = Ascii.bytes("CONNECT");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[][] IDEMPOTENT = {Ascii.bytes("GET"), HEAD, Ascii.bytes("PUT"), Ascii.bytes("DELETE"),
        OPTIONS, Ascii.bytes("TRACE")};
    /** Longer ones are replaced: they would end in every log. */
    private static final int MAX_REQUEST_ID = 128;
    /** A DNS name has 253 characters at most. */
    private static final int MAX_AUTHORITY = 512;

    private byte[] bytes = new byte[0];
    private int base;
    private Request request = new Request();
    private boolean isOptions;
    private boolean isTrace;
    private boolean isConnect;
    private boolean absolute;
    private boolean hasHost;
    private boolean hasTransferEncoding;
    private boolean closes;
    private boolean keepsAlive;
    private boolean asksUpgrade;

    void begin(byte[] source, int start, Request target) {
        bytes = source;
        base = start;
        request = target;
        isOptions = false;
        isTrace = false;
        isConnect = false;
        absolute = false;
        hasHost = false;
        hasTransferEncoding = false;
        closes = false;
        keepsAlive = false;
        asksUpgrade = false;
    }

    void method(int start, int end) {
        isOptions = Ascii.isExactly(bytes, start, end, OPTIONS);
        isConnect = Ascii.isExactly(bytes, start, end, CONNECT);
        isTrace = Ascii.isExactly(bytes, start, end, IDEMPOTENT[IDEMPOTENT.length - 1]);
        request.isHead = Ascii.isExactly(bytes, start, end, HEAD);
        for (byte[] method : IDEMPOTENT) {
            request.isIdempotent |= Ascii.isExactly(bytes, start, end, method);
        }
    }

    boolean isOptions() {
        return isOptions;
    }

    boolean isConnect() {
        return isConnect;
    }

    /** RFC 9112 §3.2.2: the authority of an absolute form replaces that of Host. */
    boolean absoluteAuthority(int start, int end) {
        absolute = true;
        request.isAbsolute = true;
        return authority(start, end, true);
    }

    /** Takes a header line; false refuses the request. */
    boolean field(int name, int nameEnd, int value, int end) {
        if ((bytes[name] | 0x20) == 'x') {
            if (isOfProxies(name, nameEnd)) {
                return forwarding(name, nameEnd);
            }
            // Targets that are asked by way of CGI take an underscore for a hyphen: nobody honest sends such a name.
            if (Ascii.startsAlike(bytes, name, nameEnd, X_FORWARDED)
                    || (nameEnd - name == X_REAL_IP.length && Ascii.startsAlike(bytes, name, nameEnd, X_REAL_IP))) {
                return cutIf(true);
            }
        }
        return switch (nameEnd - name) {
            case 2 -> !is(name, nameEnd, TE) || transferEncodingsAccepted(value, end);
            case 4 -> !is(name, nameEnd, HOST) || host(value, end);
            case 6 -> sixLetters(name, nameEnd, value, end);
            case 7 -> !is(name, nameEnd, UPGRADE) || upgradeTo(value, end);
            case 9 -> !is(name, nameEnd, FORWARDED) || forwarding(name, nameEnd);
            case 10 -> is(name, nameEnd, CONNECTION) ? connection(value, end) : cutIf(is(name, nameEnd, KEEP_ALIVE));
            case 12 -> twelveLetters(name, nameEnd, value, end);
            case 14 -> is(name, nameEnd, CONTENT_LENGTH) ? contentLength(value, end)
                    : cutIf(is(name, nameEnd, HTTP2_SETTINGS) || Ascii.startsAlike(bytes, name, nameEnd, CONTENT_LENGTH));
            case 16 -> cutIf(is(name, nameEnd, PROXY_CONNECTION));
            case 17 -> is(name, nameEnd, TRANSFER_ENCODING) ? transferEncoding(value, end)
                    : cutIf(Ascii.startsAlike(bytes, name, nameEnd, TRANSFER_ENCODING));
            case 19 -> cutIf(is(name, nameEnd, PROXY_AUTHORIZATION));
            default -> true;
        };
    }

    /** All lines were read: what they mean together. False refuses the request. */
    boolean finish() {
        if (request.minor == 1 && !hasHost) {
            return refuse(Reason.MISSING_HOST);
        }
        if (hasTransferEncoding && request.minor == 0) {
            return refuse(Reason.CHUNKED_IN_HTTP_1_0);
        }
        if (hasTransferEncoding && request.contentLength != Request.NO_LENGTH) {
            return refuse(Reason.LENGTH_AND_CHUNKED);
        }
        // RFC 9110 §7.6.2: such a request goes no further.
        request.isForServer |= isOptions && request.maxForwards == 0;
        request.keepAlive = !closes && (request.minor == 1 || keepsAlive);
        request.upgrade = asksUpgrade && request.minor == 1 && request.upgradeEnd > request.upgradeStart;
        if (request.hasConnectionOptions) {
            cutNominated();
        }
        return true;
    }

    private boolean isOfProxies(int name, int nameEnd) {
        return Ascii.startsWith(bytes, name, nameEnd, X_FORWARDED) || is(name, nameEnd, X_REAL_IP);
    }

    /** What proxies say of clients is believed of trusted ones alone; what is said here as well is written anew. */
    private boolean forwarding(int name, int nameEnd) {
        request.isForwarded = true;
        return cutIf(!request.fromProxy || Forwarding.isWritten(bytes, name, nameEnd));
    }

    private boolean sixLetters(int name, int nameEnd, int value, int end) {
        if (is(name, nameEnd, EXPECT) && Ascii.isWord(bytes, value, end, CONTINUE)) {
            // RFC 9110 §10.1.1: of an HTTP/1.0 client it is ignored.
            request.expectContinue = request.minor == 1;
            return cutIf(request.minor == 0);
        }
        if (is(name, nameEnd, ACCEPT)) {
            for (int at = value; at + 4 <= end; at++) {
                request.acceptsJson |= bytes[at] == 'j' && bytes[at + 1] == 's' && bytes[at + 2] == 'o'
                        && bytes[at + 3] == 'n';
            }
        }
        return true;
    }

    private boolean twelveLetters(int name, int nameEnd, int value, int end) {
        if (is(name, nameEnd, X_REQUEST_ID)) {
            boolean usable = request.requestIdStart == Request.ABSENT && end > value && end - value <= MAX_REQUEST_ID;
            for (int at = value; at < end; at++) {
                usable &= bytes[at] > ' ' && bytes[at] != '"' && bytes[at] != '\\';
            }
            if (usable) {
                request.requestIdStart = value - base;
                request.requestIdEnd = end - base;
            }
            return cutIf(true);
        }
        if (is(name, nameEnd, CONTENT_TYPE)) {
            request.isGrpc = Grpc.isCall(bytes, value, end);
        } else if (is(name, nameEnd, GRPC_TIMEOUT)) {
            request.grpcTimeout = Grpc.timeout(bytes, value, end);
        } else if ((isOptions || isTrace) && is(name, nameEnd, MAX_FORWARDS)) {
            long hops = Ascii.number(bytes, value, end);
            request.maxForwards = hops < 0 ? Request.ABSENT : (int) Math.min(hops, Integer.MAX_VALUE);
            return cutIf(request.maxForwards != Request.ABSENT);
        }
        return true;
    }

    private boolean transferEncodingsAccepted(int value, int end) {
        request.acceptsTrailers |= containsToken(value, end, TRAILERS);
        return cutIf(true);
    }

    private boolean host(int value, int end) {
        if (hasHost) {
            return refuse(Reason.DUPLICATE_HOST);
        }
        hasHost = true;
        return authority(value, end, !absolute) ? cutIf(absolute) : refuse(Reason.BAD_HOST);
    }

    /** {@code uri-host [ ":" port ]}, RFC 9110 §7.2; an empty one is valid where a URI has no authority. */
    private boolean authority(int start, int end, boolean counts) {
        if (end - start > MAX_AUTHORITY) {
            return false;
        }
        int port = end;
        int hostEnd = end;
        if (start < end && bytes[start] == '[') {
            hostEnd = start + 1;
            while (hostEnd < end && bytes[hostEnd] != ']') {
                hostEnd++;
            }
            if (hostEnd == end) {
                return false;
            }
            hostEnd++;
            port = hostEnd;
        } else {
            for (int at = start; at < end; at++) {
                if (bytes[at] == ':') {
                    hostEnd = at;
                    port = at;
                    break;
                }
            }
        }
        for (int at = start; at < hostEnd; at++) {
            if (!Ascii.isHost(bytes[at]) || (bytes[at] == '[' && at > start)) {
                return false;
            }
        }
        if (port < end && bytes[port] != ':') {
            return false;
        }
        for (int at = port + 1; at < end; at++) {
            if (!Ascii.isDigit(bytes[at])) {
                return false;
            }
        }
        if (counts) {
            request.authorityStart = start - base;
            request.authorityEnd = end - base;
            request.head.host(start - base, hostEnd - base);
        }
        return true;
    }

    private boolean upgradeTo(int value, int end) {
        // RFC 9113 removed the upgrade to HTTP/2; passing it on would let a target speak what is not understood here.
        if (!containsToken(value, end, H2C)) {
            request.upgradeStart = value - base;
            request.upgradeEnd = end - base;
        }
        return cutIf(true);
    }

    private boolean connection(int value, int end) {
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            if (is(at, tokenEnd, CLOSE)) {
                closes = true;
            } else if (is(at, tokenEnd, KEEP_ALIVE)) {
                keepsAlive = true;
            } else if (is(at, tokenEnd, UPGRADE)) {
                asksUpgrade = true;
            } else if (tokenEnd > at) {
                request.hasConnectionOptions = true;
            }
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
        return cutIf(true);
    }

    private boolean contentLength(int value, int end) {
        if (request.contentLength != Request.NO_LENGTH) {
            return refuse(Reason.DUPLICATE_CONTENT_LENGTH);
        }
        request.contentLength = Ascii.number(bytes, value, end);
        return request.contentLength >= 0 ? cutIf(true) : refuse(Reason.BAD_CONTENT_LENGTH);
    }

    /** RFC 9112 §6.1, §7: chunked alone is understood; anything that does not end in one chunked has no length. */
    private boolean transferEncoding(int value, int end) {
        if (hasTransferEncoding) {
            return refuse(Reason.BAD_TRANSFER_ENCODING);
        }
        hasTransferEncoding = true;
        int codings = 0;
        int chunked = 0;
        boolean last = false;
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            last = is(at, tokenEnd, CHUNKED);
            chunked += last ? 1 : 0;
            codings++;
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
        // RFC 9110 §5.6.1 would have empty elements ignored; not everybody does.
        boolean gaps = value < end && (bytes[value] == ',' || bytes[end - 1] == ',');
        if (chunked != 1 || !last || gaps) {
            return refuse(Reason.BAD_TRANSFER_ENCODING);
        }
        request.chunked = true;
        return codings == 1 ? cutIf(true) : refuse(Reason.UNKNOWN_TRANSFER_CODING);
    }

    /** RFC 9110 §7.6.1: what Connection names is meant for this hop, save what the message cannot do without. */
    private void cutNominated() {
        for (int line = 0; line < request.lines.count(); line++) {
            int name = request.head.nameStart(line) + base;
            int nameEnd = request.head.nameEnd(line) + base;
            if (is(name, nameEnd, CONNECTION)) {
                cutNominated(request.head.valueStart(line) + base, request.head.valueEnd(line) + base);
            }
        }
    }

    private void cutNominated(int value, int end) {
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            for (int line = 0; line < request.lines.count(); line++) {
                int name = request.head.nameStart(line) + base;
                int nameEnd = request.head.nameEnd(line) + base;
                if (Ascii.sameWord(bytes, at, tokenEnd, name, nameEnd) && !is(name, nameEnd, HOST)) {
                    request.lines.cut(line);
                }
            }
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
    }

    private boolean containsToken(int value, int end, byte[] word) {
        for (int at = value; at < end; ) {
            int tokenEnd = Ascii.tokenEnd(bytes, at, end);
            if (Ascii.startsWith(bytes, at, tokenEnd, word)) {
                return true;
            }
            at = Ascii.nextToken(bytes, tokenEnd, end);
        }
        return false;
    }

    private boolean is(int start, int end, byte[] lower) {
        return Ascii.isWord(bytes, start, end, lower);
    }

    /** The line just read is not forwarded. */
    private boolean cutIf(boolean cut) {
        request.lines.cutLastIf(cut);
        return true;
    }

    private boolean refuse(Reason reason) {
        request.reason = reason;
        return false;
    }
}
