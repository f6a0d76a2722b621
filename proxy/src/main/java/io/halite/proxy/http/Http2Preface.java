package io.halite.proxy.http;

/** What a client that speaks HTTP/2 begins with, over TLS or not: RFC 9113 §3.4. No HTTP/1.1 request can be it. */
final class Http2Preface {
    private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    static final int LENGTH = PREFACE.length;

    private Http2Preface() {}

    /** How many of the bytes are as the preface has them. */
    static int common(byte[] bytes, int start, int end) {
        int common = 0;
        while (common < LENGTH && start + common < end && bytes[start + common] == PREFACE[common]) {
            common++;
        }
        return common;
    }
}
