package io.halite.proxy.tcp;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.accesslog.RelayEntry;
import io.halite.proxy.balance.PoolTable;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.ConnectionHandler;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.IoBuffer;
import io.halite.proxy.relay.Loop;
import io.halite.proxy.table.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a connection to a {@code tls} listener: it reads as far as the server name, keeping what it reads for
 * the target, and starts the relay to the pool of that name. A client that nobody here is for hears why in TLS's own
 * words. Confined to the thread of its loop.
 */
final class HelloReader implements ConnectionHandler {
    /** With a record per few bytes the message grows by their heads. */
    private static final int MAX_BYTES = 2 * ClientHello.MAX_MESSAGE;
    private static final int PIECE = 2 * 1024;

    private static final int ALERT_HANDSHAKE_FAILURE = 40;
    private static final int ALERT_DECODE_ERROR = 50;
    private static final int ALERT_MISSING_EXTENSION = 109;
    private static final int ALERT_UNRECOGNIZED_NAME = 112;

    private final TcpListener listener;
    private final Connection client;
    private final ClientHello hello = new ClientHello();
    private final HeldBytes held;
    private final @Nullable RelayEntry entry;

    /**
     * A reader for a client.
     *
     * @param entry of the access log; null for none
     */
    HelloReader(TcpListener listener, Connection client, @Nullable RelayEntry entry) {
        this.listener = listener;
        this.client = client;
        this.entry = entry;
        held = new HeldBytes(client.loop().buffers());
    }

    Connection client() {
        return client;
    }

    void start() {
        client.handler(this);
        client.deadlineIn(listener.table().timeouts().requestHeader().toNanos());
        client.reading(true);
    }

    @Override
    public void readable(Connection connection) {
        int got = held.readFrom(client, Math.min(Math.max(PIECE, held.size()), MAX_BYTES - held.size()));
        if (got == Connection.AGAIN) {
            return;
        }
        if (got < 0) {
            drop(got == Connection.END ? RelayEnd.CLIENT_ENDED : RelayEnd.CLIENT_RESET, null);
            return;
        }
        listener.counters().received(got);
        if (entry != null) {
            entry.received(got);
        }
        switch (hello.take(held.bytes(), held.end() - got, held.end())) {
            case MORE -> {
                if (held.size() >= MAX_BYTES) {
                    refuse("CLIENT_HELLO_TOO_LARGE", ALERT_HANDSHAKE_FAILURE);
                }
            }
            case COMPLETE -> choosePool(hello.serverName());
            case NOT_TLS -> {
                listener.upstreams().traffic().refused("NOT_TLS");
                drop(RelayEnd.REFUSED, "NOT_TLS");
            }
            case BROKEN -> refuse("BAD_CLIENT_HELLO", ALERT_DECODE_ERROR);
            case TOO_LARGE -> refuse("CLIENT_HELLO_TOO_LARGE", ALERT_HANDSHAKE_FAILURE);
        }
    }

    private void choosePool(@Nullable String name) {
        if (entry != null) {
            entry.asked(name);
        }
        String named = name == null ? null : listener.serverNames().pool(name);
        ListenerTable table = listener.table();
        if (named == null && table.pool() == ListenerTable.NO_POOL) {
            // RFC 8446 §9.2: a server that needs the name may say so; RFC 6066 §3 for one that it does not know.
            if (name == null) {
                refuse("NO_SERVER_NAME", ALERT_MISSING_EXTENSION);
            } else {
                refuse("UNKNOWN_SERVER_NAME", ALERT_UNRECOGNIZED_NAME);
            }
            return;
        }
        PoolTable pool = named == null ? listener.upstreams().table().pool(table.pool())
                : listener.upstreams().table().pools().get(named);
        client.clearDeadline();
        client.reading(false);
        listener.relay(this, new TcpRelay(listener, client, held, entry), pool);
    }

    private void refuse(String reason, int alert) {
        listener.upstreams().traffic().refused(reason);
        Loop loop = client.loop();
        IoBuffer output = loop.output();
        byte[] record = {21, 3, 1, 0, 2, 2, (byte) alert};
        System.arraycopy(record, 0, output.bytes(), 0, record.length);
        client.send(output, 0, record.length);
        client.shutdownOutput();
        end(RelayEnd.REFUSED, reason);
        client.close();
    }

    private void drop(RelayEnd end, @Nullable String reason) {
        end(end, reason);
        client.abort();
    }

    private void end(RelayEnd end, @Nullable String reason) {
        held.clear();
        if (entry != null) {
            entry.ended(end, reason);
        }
        listener.forget(this);
    }

    @Override
    public void expired(Connection connection) {
        listener.upstreams().traffic().refused("CLIENT_HELLO_TIMEOUT");
        drop(RelayEnd.REFUSED, "CLIENT_HELLO_TIMEOUT");
    }

    @Override
    public void broken(Connection connection) {
        drop(RelayEnd.CLIENT_RESET, null);
    }

    @Override
    public void failed(Connection connection) {
        drop(RelayEnd.FAILED, null);
    }

    @Override
    public void overdue(Connection connection) {
        drop(RelayEnd.DRAIN, null);
    }

    @Override
    public void drained(Connection connection) {
        // Nothing is sent before a target is found, but an alert, after which nobody waits.
    }
}
