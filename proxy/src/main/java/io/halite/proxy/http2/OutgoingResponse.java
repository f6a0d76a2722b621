package io.halite.proxy.http2;

import io.halite.proxy.relay.BufferPool;

/** A response on its way to a client. Confined to one stream. */
final class OutgoingResponse extends OutgoingText {
    private static final int STATUS = "HTTP/1.1 ".length();
    private static final int SWITCHING = 101;
    private static final int BAD_GATEWAY = 502;

    private final boolean toHead;
    private final boolean toTunnel;

    /**
     * A response.
     *
     * @param toHead whether the request was of method HEAD: its response has no content
     * @param toTunnel whether the request asked for another protocol over the stream
     */
    OutgoingResponse(Sink sink, HpackWriter block, BufferPool buffers, boolean toHead, boolean toTunnel) {
        super(sink, block, buffers);
        this.toHead = toHead;
        this.toTunnel = toTunnel;
    }

    @Override
    Following pseudoFields(byte[] text, int head, HpackWriter fields) {
        int at = head + STATUS;
        int status = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + text[at + 2] - '0';
        if (toTunnel && status == SWITCHING) {
            fields.status(200);
            return Following.TUNNEL;
        }
        // RFC 8441 §5: a 2xx says that the tunnel is there; of a target that took no notice it says something else.
        fields.status(toTunnel && status / 100 == 2 ? BAD_GATEWAY : status);
        if (status < 200) {
            return Following.HEAD;
        }
        return toHead || status == 204 || status == 304 ? Following.NOTHING : Following.CONTENT;
    }

    @Override
    boolean isTold(byte[] text, int start, int end) {
        return !toTunnel || !FieldNames.is(FieldNames.ACCEPTED_KEY, text, start, end);
    }
}
