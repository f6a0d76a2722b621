package io.halite.proxy.http;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.relay.Loop;
import org.jspecify.annotations.Nullable;

/**
 * What is counted and logged of an exchange once it is over: its times, what the client got, and why it ended as it did.
 * Reused from exchange to exchange; confined to the thread of its loop.
 */
final class Account {
    private static final int LEAST_STATUS = 100;
    private static final int LEAST_FAILURE = 400;

    private final Loop loop;
    private long startedNanos;
    private long sentNanos;
    private long endedNanos;
    private long upstreamNanos;
    /** Bytes that the client's connection had got before. */
    private long bytesBefore;
    private int status;
    private @Nullable Reason reason;
    private String end = End.COMPLETE.text;
    private boolean failed;

    Account(Loop loop) {
        this.loop = loop;
    }

    /** How an exchange ended, as its own side sees it. */
    enum End {
        /** Request and response are through. */
        COMPLETE("complete"),
        /** The client went away. */
        CLIENT_LEFT("clientLeft"),
        /** The response could not be finished: the client must see that it is cut. */
        CUT("cut");

        private final String text;

        End(String text) {
            this.text = text;
        }
    }

    /** Begins with the first byte of a request. */
    void begin(ClientConnection client) {
        startedNanos = client.requestStarted();
        bytesBefore = client.bytesSent();
        sentNanos = 0;
        upstreamNanos = -1;
        status = 0;
        reason = null;
        end = End.COMPLETE.text;
        failed = false;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** All of the request is with the target. */
    void requestSent() {
        sentNanos = loop.exactNow();
    }

    /** Nanoseconds since all of the request was with the target. */
    long sinceSent() {
        return loop.exactNow() - (sentNanos == 0 ? loop.now() : sentNanos);
    }

    /** The final head of the target's response is here. */
    void answered() {
        upstreamNanos = sinceSent();
    }

    /** Why the proxy answers by itself, or cuts the response. */
    void because(Reason why) {
        reason = why;
    }

    /** It is over, with this status, zero when the client got none. */
    void end(int finalStatus, End how) {
        end(finalStatus, how.text, finalStatus < LEAST_STATUS || finalStatus >= LEAST_FAILURE || how != End.COMPLETE);
    }

    /** What it turned into is over: it ended as a relay does. */
    void endUpgraded(int finalStatus, RelayEnd how) {
        end(finalStatus, how.text(), how.hasFailed());
    }

    private void end(int finalStatus, String how, boolean hasFailed) {
        status = finalStatus;
        end = how;
        failed = hasFailed;
        endedNanos = loop.exactNow();
    }

    int status() {
        return status;
    }

    /** Why the proxy answered by itself, or cut the response; null when it did not. */
    @Nullable Reason reason() {
        return reason;
    }

    /** How it ended, in the access log's words. */
    String end() {
        return end;
    }

    /** Whether it is logged whatever the sample. */
    boolean hasFailed() {
        return failed;
    }

    /** Nanoseconds from the first byte of the request to the end. */
    long nanos() {
        return endedNanos - startedNanos;
    }

    /** Nanoseconds from the end of the request to the head of the target's response; negative when none came. */
    long upstreamNanos() {
        return upstreamNanos;
    }

    /** Bytes that were sent to the client. */
    long bytesOut(ClientConnection client) {
        return client.bytesSent() - bytesBefore;
    }
}
