package io.halite.health.probe.kind;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/**
 * Holds the dialogues of many probes at once: a non-blocking connection each, one selector for all. A virtual thread
 * per probe costs twice as much: a stack kept for each wait, two wake-ups of a carrier, and the poller's registrations.
 * Owned by the thread that calls it; only {@link #wakeUp} is for others.
 */
public final class DialogueLoop implements AutoCloseable {
    private static final int NO_LINGER = 0;

    private final Selector selector;
    private final Consumer<SelectionKey> proceed = DialogueLoop::proceed;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Dialogue.BUFFER);

    /** Opens the selector; a process that cannot is out of file descriptors. */
    public DialogueLoop() {
        try {
            selector = Selector.open();
        } catch (IOException exhausted) {
            throw new UncheckedIOException(exhausted);
        }
    }

    /**
     * Begins to probe. The attempt's end comes by the consumer on this thread: maybe before this method returns, at the
     * latest when the attempt expires.
     */
    public void begin(Prober.Plain prober, Attempt attempt, Consumer<ProbeResult> end) {
        attempt.phase("connecting");
        InetSocketAddress address = attempt.socketAddress();
        try {
            SocketChannel channel = attempt.socketAddress().getAddress() instanceof Inet4Address
                    ? SocketChannel.open(StandardProtocolFamily.INET) : SocketChannel.open();
            new Talk(channel, prober.begin(attempt), attempt, end).connect(address);
        } catch (IOException impossible) {
            attempt.finish();
            end.accept(Failures.verdict(impossible, attempt));
        }
    }

    /** Waits so long at most for something to come, and takes in what came; zero does not wait. */
    public void await(long millis) {
        try {
            if (millis > 0) {
                selector.select(proceed, millis);
            } else {
                selector.selectNow(proceed);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Ends the wait: any thread. */
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException alreadyBroken) {
            throw new UncheckedIOException(alreadyBroken);
        }
    }

    private static void proceed(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Talk talk) {
            talk.proceed(key);
        }
    }

    /** One dialogue and its connection; closing it before its end is its time-out. */
    private final class Talk implements Closeable {
        private final SocketChannel channel;
        private final Dialogue dialogue;
        private final Attempt attempt;
        private final Consumer<ProbeResult> end;
        private final ByteBuffer unsent;
        private boolean over;

        Talk(SocketChannel channel, Dialogue dialogue, Attempt attempt, Consumer<ProbeResult> end) {
            this.channel = channel;
            this.dialogue = dialogue;
            this.attempt = attempt;
            this.end = end;
            this.unsent = ByteBuffer.wrap(dialogue.opening());
        }

        void connect(InetSocketAddress address) {
            try {
                attempt.guard(this);
                channel.configureBlocking(false);
                // As HAProxy's checks: a probe ends with a reset, so that thousands of them leave no TIME_WAIT behind.
                channel.setOption(StandardSocketOptions.SO_LINGER, NO_LINGER);
                boolean connected = channel.connect(address);
                SelectionKey key = channel.register(
                        selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
                if (connected) {
                    send(key);
                }
            } catch (IOException | IllegalArgumentException failure) {
                end(Failures.verdict(failure, attempt));
            }
        }

        void proceed(SelectionKey key) {
            try {
                if (key.isReadable()) {
                    hear();
                } else if (!key.isConnectable() || channel.finishConnect()) {
                    send(key);
                }
            } catch (IOException | IllegalArgumentException failure) {
                end(Failures.verdict(failure, attempt));
            }
        }

        private void send(SelectionKey key) throws IOException {
            if (unsent.hasRemaining() && channel.write(unsent) == 0) {
                attempt.phase("sending");
            }
            if (unsent.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            ProbeResult result = dialogue.opened();
            if (result == null) {
                key.interestOps(SelectionKey.OP_READ);
            } else {
                end(result);
            }
        }

        private void hear() throws IOException {
            buffer.clear();
            boolean ended = channel.read(buffer) < 0;
            ProbeResult result = ended ? dialogue.ended() : dialogue.heard(buffer.flip());
            if (result != null) {
                end(result);
            }
        }

        private void end(ProbeResult result) {
            if (!over) {
                over = true;
                attempt.finish();
                end.accept(result);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            end(Failures.timeout(attempt));
        }
    }
}
