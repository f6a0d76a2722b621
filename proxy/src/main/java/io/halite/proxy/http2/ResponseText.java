package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import io.halite.proxy.http2.IncomingText.Framing;
import java.util.List;

/**
 * The fields of an HTTP/2 response as the head of an HTTP/1.1 response. What RFC 9113 §8.2 and §8.3 call malformed never
 * becomes text. Used again from head to head; confined to one connection.
 */
final class ResponseText {
    private static final int INTERIM = 1;
    private static final byte[] VERSION = FieldNames.bytes("HTTP/1.1 ");
    private static final byte[] NONE = {'0'};

    private final FieldLines lines = new FieldLines();
    private int status;
    private Framing framing = Framing.LENGTH;

    /**
     * Turns the fields into text.
     *
     * @param toHead whether the request was of method HEAD: its response has no content
     * @param last whether nothing follows
     */
    void read(List<Field> fields, boolean toHead, boolean last) throws Http2Problem {
        lines.restart();
        status = 0;
        framing = Framing.LENGTH;
        for (int at = 0; at < fields.size(); at++) {
            take(fields.get(at), at == 0);
        }
        finish(toHead, last);
    }

    private void take(Field field, boolean first) throws Http2Problem {
        String name = field.text();
        if (first) {
            if (!name.equals(":status")) {
                throw FieldLines.malformed("a response without a status");
            }
            status(field.value());
        } else if (name.startsWith(":") || FieldLines.isOfConnection(field)) {
            throw FieldLines.malformed("a field that a response must not have");
        } else if (name.equals("content-length")) {
            lines.length(field.value());
        } else {
            lines.add(field);
        }
    }

    private void status(byte[] value) throws Http2Problem {
        for (byte octet : value) {
            if (octet < '0' || octet > '9') {
                throw FieldLines.malformed("a status that is no number");
            }
            status = 10 * status + octet - '0';
        }
        // RFC 9113 §8.6: there is no switching of protocols.
        if (value.length != 3 || status < 100 || status > 599 || status == 101) {
            throw FieldLines.malformed("a status that cannot be");
        }
    }

    private void finish(boolean toHead, boolean last) throws Http2Problem {
        if (status == 0 || (isInterim() && last)) {
            throw FieldLines.malformed("a response without a status, or without an end");
        }
        boolean bare = toHead || status == 204 || status == 304;
        if (!isInterim()) {
            frame(bare, last);
        }
        lines.firstLine().put(VERSION).number(status, 10).put(' ').put(StatusPhrase.of(status));
        lines.whole();
    }

    private void frame(boolean bare, boolean last) throws Http2Problem {
        if (last && !bare) {
            if (lines.contentLength() > 0) {
                throw FieldLines.malformed("a length without a body");
            }
            lines.length(NONE);
        }
        if (lines.contentLength() >= 0) {
            lines.addLength();
        } else if (!bare) {
            framing = Framing.CHUNKED;
            lines.addChunked();
        }
    }

    boolean isInterim() {
        return status / 100 == INTERIM;
    }

    /** The head as text; valid until the next one. */
    Octets text() {
        return lines.firstLine();
    }

    /** How its content is told from what follows. */
    Framing framing() {
        return framing;
    }

    /** Of its content; zero for a head that has none, whatever it says. */
    long contentLength(boolean toHead) {
        return toHead || status == 304 || status == 204 ? 0 : Math.max(0, lines.contentLength());
    }
}
