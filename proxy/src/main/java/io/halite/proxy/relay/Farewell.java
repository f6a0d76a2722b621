package io.halite.proxy.relay;

/**
 * The end of a connection of which the peer shall still hear why: what is pending is sent, then our side is shut, and what
 * the peer sends meanwhile is thrown away, so that no reset overtakes the last words (RFC 9112 §9.6).
 */
public final class Farewell implements ConnectionHandler {
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final int MAX_BYTES = 1024 * 1024;

    private final Runnable over;
    private int ignored;

    private Farewell(Runnable over) {
        this.over = over;
    }

    /**
     * Takes a connection over.
     *
     * @param over runs once it is closed, unless the loop ends before
     */
    public static void to(Connection connection, Runnable over) {
        Farewell farewell = new Farewell(over);
        connection.handler(farewell);
        connection.deadlineIn(PATIENCE_NANOS);
        connection.reading(true);
        if (!connection.hasPending()) {
            connection.shutdownOutput();
        }
    }

    @Override
    public void readable(Connection connection) {
        IoBuffer input = connection.loop().input();
        int got = connection.read(input, 0, input.size());
        ignored += Math.max(0, got);
        if (got < 0 || ignored > MAX_BYTES) {
            end(connection);
        }
    }

    @Override
    public void drained(Connection connection) {
        connection.shutdownOutput();
    }

    @Override
    public void broken(Connection connection) {
        end(connection);
    }

    @Override
    public void failed(Connection connection) {
        end(connection);
    }

    @Override
    public void expired(Connection connection) {
        end(connection);
    }

    @Override
    public void overdue(Connection connection) {
        end(connection);
    }

    private void end(Connection connection) {
        connection.close();
        over.run();
    }
}
