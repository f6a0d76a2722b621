package io.halite.appliance;

/** Whether the node serves, by which real ports, and beside whom; set by the composition root, read by any thread. */
final class ServingState {
    private volatile boolean serving;
    private volatile NodeSettings.Ports ports;

    private final boolean following;

    /**
     * A node that does not serve yet.
     *
     * @param following whether another process serves at the same ports until this one does
     */
    ServingState(NodeSettings.Ports asked, boolean following) {
        this.ports = asked;
        this.following = following;
    }

    boolean isFollowing() {
        return following;
    }

    boolean isServing() {
        return serving;
    }

    void serve(boolean now) {
        serving = now;
    }

    NodeSettings.Ports ports() {
        return ports;
    }

    void open(NodeSettings.Ports real) {
        ports = real;
    }
}
