package io.halite.proxy.relay;

/** What carries the relay loops. */
public enum Engine {
    /** Epoll where it works, else a selector. */
    AUTO,
    /** Linux epoll through {@code java.lang.foreign}: HAProxy's pattern of system calls. */
    EPOLL,
    /** An NIO selector: runs everywhere, costs 7–40 % more CPU per request. */
    SELECTOR;

    /** The engine that this one stands for on this machine: never {@code AUTO}. */
    public Engine resolved() {
        if (this == AUTO) {
            return EpollTransport.isAvailable() ? EPOLL : SELECTOR;
        }
        return this;
    }
}
