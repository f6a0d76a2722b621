package io.halite.proxy.http;

/**
 * Why the proxy answers by itself, cuts a response that has begun, or thinks a message broken: a stable code (the name),
 * a status and a sentence for people.
 */
enum Reason {
    BAD_REQUEST_LINE(400, "The request line is malformed."),
    BAD_TARGET(400, "The request target holds a character that a URI may not hold."),
    AMBIGUOUS_PATH(400, "The path means different things to different servers."),
    BAD_HEADER_NAME(400, "The name of a header holds a character that it may not hold."),
    SPACE_BEFORE_COLON(400, "White space stands between the name of a header and its colon."),
    OBS_FOLD(400, "A header is folded over several lines, or the first begins with white space."),
    CONTROL_CHARACTER(400, "The value of a header holds a control character."),
    BARE_CR(400, "A carriage return stands without its line feed."),
    BARE_LF(400, "A line feed stands without its carriage return."),
    MISSING_HOST(400, "The Host header is missing."),
    DUPLICATE_HOST(400, "There is more than one Host header."),
    BAD_HOST(400, "The Host header names no valid host."),
    LENGTH_AND_CHUNKED(400, "Content-Length and Transfer-Encoding contradict each other."),
    BAD_CONTENT_LENGTH(400, "The Content-Length header is no number."),
    DUPLICATE_CONTENT_LENGTH(400, "There is more than one Content-Length header."),
    BAD_TRANSFER_ENCODING(400, "The Transfer-Encoding header does not end in a single chunked coding."),
    CHUNKED_IN_HTTP_1_0(400, "Transfer-Encoding has no meaning in HTTP/1.0."),
    BAD_CHUNK(400, "A chunk of the body is malformed."),
    FORBIDDEN_TRAILER(400, "A trailer field says where the message ends or goes."),
    BODY_CUT_SHORT(400, "The connection ended before the body was complete."),
    FORBIDDEN(403, "This address may not use this site."),
    NO_ROUTE(404, "No route matches the request."),
    METHOD_NOT_ALLOWED(405, "The method makes no sense at a gateway."),
    REQUEST_TIMEOUT(408, "The head of the request did not arrive in time."),
    BODY_TIMEOUT(408, "The body of the request did not arrive in time."),
    SLOW_READER(408, "The response was not taken in time."),
    BODY_TOO_LARGE(413, "The body is larger than this site accepts."),
    TARGET_TOO_LONG(414, "The request target is longer than this site accepts."),
    HEAD_TOO_LARGE(431, "The headers are larger than this site accepts."),
    TOO_MANY_HEADERS(431, "There are more headers than this site accepts."),
    FAILED(500, "An error of the proxy's own."),
    UNKNOWN_TRANSFER_CODING(501, "The transfer coding is not implemented."),
    CONNECT_REFUSED(502, "The target refused the connection."),
    CONNECT_FAILED(502, "The target could not be reached."),
    TARGET_HANDSHAKE_FAILED(502, "TLS or HTTP/2 could not be agreed on with the target, or it did not prove who it is."),
    TARGET_CLOSED(502, "The target closed the connection before it answered."),
    BAD_RESPONSE(502, "The target answered with something that is no valid HTTP response."),
    NO_TARGET(503, "No target is available."),
    QUEUE_FULL(503, "Every target is at its limit, and as many requests wait as may."),
    QUEUE_TIMEOUT(503, "Every target was at its limit for too long."),
    ROUTE_UNAVAILABLE(503, "This route is out of service."),
    DRAINED(503, "The listener is gone, or the proxy is about to be."),
    OVERLOADED(503, "The proxy has no capacity left for this request."),
    CONNECT_TIMEOUT(504, "The target did not accept the connection in time."),
    RESPONSE_TIMEOUT(504, "The target did not answer in time."),
    TOTAL_TIMEOUT(504, "The request took longer than this site allows."),
    VERSION_NOT_SUPPORTED(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");

    private final int status;
    private final String sentence;

    Reason(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    int status() {
        return status;
    }

    String sentence() {
        return sentence;
    }
}
