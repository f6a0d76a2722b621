package io.halite.proxy.route;

/** A response whose bytes are known when the table is compiled. */
public final class ReadyAnswer {
    private final int status;
    private final byte[] fields;
    private final byte[] body;

    /**
     * An answer of these bytes, which are not copied.
     *
     * @param fields header lines, each with its CRLF, Content-Length included
     */
    public ReadyAnswer(int status, byte[] fields, byte[] body) {
        this.status = status;
        this.fields = fields;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** Header lines, each with its CRLF, Content-Length included; not to be changed. */
    public byte[] fields() {
        return fields;
    }

    /** Not sent in answer to HEAD; not to be changed. */
    public byte[] body() {
        return body;
    }
}
