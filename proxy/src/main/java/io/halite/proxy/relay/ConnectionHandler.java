package io.halite.proxy.relay;

/**
 * What a connection tells its owner, always on the thread of its loop. An owner that does not say otherwise closes the
 * connection when it fails.
 */
public interface ConnectionHandler {

    /** An outgoing connection is established. */
    default void connected(Connection connection) {
        throw new IllegalStateException("a connection that was not made by us");
    }

    /** An outgoing connection could not be made; it is closed already. */
    default void connectFailed(Connection connection, ConnectFailure failure) {
        throw new IllegalStateException("a connection that was not made by us");
    }

    /** There is something to read: bytes, the end, or an error; one read is enough, the loop calls again. */
    void readable(Connection connection);

    /** All that waited to be sent has been. */
    default void drained(Connection connection) {}

    /** The connection broke, or the peer closed both directions, while nobody was reading. */
    default void broken(Connection connection) {
        connection.close();
    }

    /** An exception escaped from one of the other methods: whatever hangs on the connection must be given up. */
    default void failed(Connection connection) {
        connection.close();
    }

    /** The time to end by itself is over: of a listener that was removed, a node that is drained, or the process. */
    default void overdue(Connection connection) {
        connection.close();
    }

    /** The deadline passed; it has been cleared. */
    default void expired(Connection connection) {
        connection.close();
    }
}
