package io.halite.appliance;

/** Whether the node serves, and by which real ports; set by the composition root, read by any thread. */
final class ServingState {
    private volatile boolean serving;
    private volatile NodeSettings.Ports ports;

    ServingState(NodeSettings.Ports asked) {
        this.ports = asked;
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
