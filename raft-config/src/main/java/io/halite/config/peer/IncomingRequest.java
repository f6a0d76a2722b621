package io.halite.config.peer;

import java.nio.charset.StandardCharsets;

/** A request from another node, to be answered once, by any thread. Immutable. */
public final class IncomingRequest {
    private final byte[] payload;
    private final IncomingLink link;
    private final long id;

    IncomingRequest(byte[] payload, IncomingLink link, long id) {
        this.payload = payload;
        this.link = link;
        this.id = id;
    }

    /** The node that asks, proved by its certificate. */
    public String from() {
        return link.from();
    }

    /** What it asks; not to be changed. */
    public byte[] payload() {
        return payload;
    }

    public IncomingLink link() {
        return link;
    }

    /** Answers it. */
    public void answer(byte[] reply) {
        link.send(new Frame(Frame.Kind.ANSWER, id, "", reply));
    }

    /** Says why there is no answer. */
    public void fail(String message) {
        link.send(new Frame(Frame.Kind.FAILURE, id, "", message.getBytes(StandardCharsets.UTF_8)));
    }
}
