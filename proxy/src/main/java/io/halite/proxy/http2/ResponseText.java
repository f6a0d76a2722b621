package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import io.halite.proxy.http2.IncomingText.Framing;
import java.util.List;

/**
 * The fields of an HTTP/2 response as the head of an HTTP/1.1 response. What RFC 9113 §8.2 and §8.3 call malformed never
 * becomes text. Of one head.
 */
final class ResponseText {
    private static final int INTERIM = 1;

    private final FieldLines lines = new FieldLines();
    private int status;
    private byte[] text = {};
    private Framing framing = Framing.LENGTH;

    private ResponseText() {}

    /**
     * Turns the fields into text.
     *
     * @param toHead whether the request was of method HEAD: its response has no content
     * @param last whether nothing follows
     */
    static ResponseText of(List<Field> fields, boolean toHead, boolean last) throws Http2Problem {
        ResponseText response = new ResponseText();
        for (int at = 0; at < fields.size(); at++) {
            response.take(fields.get(at), at == 0);
        }
        response.finish(toHead, last);
        return response;
    }

    private void take(Field field, boolean first) throws Http2Problem {
        String name = FieldLines.name(field);
        if (first) {
            if (!name.equals(":status")) {
                throw FieldLines.malformed("a response without a status");
            }
            status(field.value());
        } else if (name.startsWith(":") || FieldLines.isOfConnection(name)) {
            throw FieldLines.malformed("a field that a response must not have");
        } else if (name.equals("content-length")) {
            lines.length(field.value());
        } else {
            lines.add(name, field.value());
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
        if (isInterim()) {
            text = lines.under("HTTP/1.1 " + status + " " + StatusPhrase.of(status));
            return;
        }
        if (last && !bare) {
            if (lines.contentLength() > 0) {
                throw FieldLines.malformed("a length without a body");
            }
            lines.length(new byte[] {'0'});
        }
        if (lines.contentLength() >= 0) {
            lines.addLength();
        } else if (!bare) {
            framing = Framing.CHUNKED;
            lines.addChunked();
        }
        text = lines.under("HTTP/1.1 " + status + " " + StatusPhrase.of(status));
    }

    boolean isInterim() {
        return status / 100 == INTERIM;
    }

    byte[] bytes() {
        return text;
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
