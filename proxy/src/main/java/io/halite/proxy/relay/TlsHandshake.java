package io.halite.proxy.relay;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;

/**
 * The handshake of a TLS connection. What takes long in it is done by other threads, where the session has it so, or else
 * when the sockets of the loop have had their turn: whoever knocks must not delay those who are in. Confined to the thread
 * of the loop.
 */
final class TlsHandshake {
    private static final System.Logger LOGGER = System.getLogger(TlsHandshake.class.getName());
    /** A handshake message is rarely longer; what a client sends behind it waits in the kernel. */
    private static final int INPUT = 4 * 1024;
    private static final String PLAIN_HTTP_BODY = "This port speaks HTTPS: begin the address with https://.\n";
    private static final byte[] PLAIN_HTTP_ANSWER = ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
            + "Content-Length: " + PLAIN_HTTP_BODY.length() + "\r\nConnection: close\r\n\r\n" + PLAIN_HTTP_BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final TlsConnection owner;
    private final Connection wire;
    private final TlsSession session;
    private final TlsInput input;
    private final Executor crew;
    private boolean sniffed;
    /** What the peer said first was answered, which is most of the work. */
    private boolean answered;
    /** A task is under way. */
    private boolean working;
    private String failure = "the peer left in the middle of the handshake";
    /** Read by the crew, which need not work for a connection that is closed. */
    private volatile boolean abandoned;

    TlsHandshake(TlsConnection owner, Connection wire, TlsSession session, TlsInput input, Executor crew) {
        this.owner = owner;
        this.wire = wire;
        this.session = session;
        this.input = input;
        this.crew = crew;
    }

    /** Why it failed. */
    String failure() {
        return failure;
    }

    /** Nobody waits for it any more. */
    void abandon() {
        abandoned = true;
    }

    /** Awaits a client. */
    void awaitClient() {
        // What it says first has come already, as a rule.
        owner.loop().toil(() -> owner.loop().guard().run(owner, this::greet));
    }

    /** The peer said something. */
    void readable() {
        if (owner.isServer() && !answered) {
            wire.reading(false);
            awaitClient();
        } else {
            read();
        }
    }

    private void greet() {
        if (owner.isShaking()) {
            wire.reading(true);
            read();
        }
    }

    private void read() {
        int got = input.fill(INPUT);
        if (got < 0) {
            owner.handshakeFailed();
        } else if (speaksPlainHttp()) {
            answerPlainHttp();
        } else if (got > 0) {
            progress();
        }
    }

    /** Goes as far as it can without hearing more. */
    void progress() {
        try {
            boolean goesOn = true;
            while (goesOn && owner.isShaking()) {
                goesOn = switch (session.need()) {
                    case TASK -> startTask();
                    case WRITE -> answer();
                    case READ -> input.handshakeRecord();
                    case NOTHING -> {
                        owner.opened();
                        yield false;
                    }
                };
            }
        } catch (SSLException failed) {
            refuse(String.valueOf(failed.getMessage()));
        }
        if (owner.isShaking()) {
            // What comes while we are at work, or while our own flight waits, stays in the kernel.
            wire.reading(!working && !wire.hasPending());
        }
    }

    private boolean answer() throws SSLException {
        answered = true;
        return owner.sendRecords() && !wire.hasPending();
    }

    private boolean startTask() {
        Runnable task = session.task();
        working = true;
        crew.execute(() -> {
            try {
                if (!abandoned) {
                    task.run();
                }
            } finally {
                owner.loop().execute(() -> owner.loop().guard().run(owner, this::taskDone));
            }
        });
        return false;
    }

    private void taskDone() {
        working = false;
        if (owner.isShaking()) {
            progress();
        }
    }

    /** It failed by what the peer sent: the peer hears why, as far as TLS tells. */
    private void refuse(String reason) {
        failure = reason;
        LOGGER.log(Level.DEBUG, () -> "tls handshake failed reason=" + reason);
        try {
            if (owner.sendRecords()) {
                owner.leave();
            }
        } catch (SSLException again) {
            LOGGER.log(Level.DEBUG, () -> "tls alert not sent reason=" + again.getMessage());
        }
        owner.handshakeFailed();
    }

    /** Whether this is a client that took us for a plain HTTP server. */
    private boolean speaksPlainHttp() {
        if (!owner.isServer() || sniffed || input.firstByte() < 0) {
            return false;
        }
        sniffed = true;
        return input.firstByte() >= 'A' && input.firstByte() <= 'Z';
    }

    private void answerPlainHttp() {
        IoBuffer out = owner.loop().records();
        System.arraycopy(PLAIN_HTTP_ANSWER, 0, out.bytes(), 0, PLAIN_HTTP_ANSWER.length);
        if (wire.send(out, 0, PLAIN_HTTP_ANSWER.length) != Sent.BROKEN) {
            owner.leave();
        }
        owner.handshakeFailed();
    }
}
