package io.halite.proxy.balance;

/** Where a member of a pool stands before load and ejection are looked at. */
public enum Standing {
    /** Takes new requests. */
    ELIGIBLE,
    /** Failed its checks. */
    UNHEALTHY,
    /** Of unknown health while others are known: waits for its first success. */
    UNPROVEN,
    /** Weight zero: takes part in nothing. */
    WEIGHTLESS,
    /** Existing sessions only. */
    DRAINING,
    /** No traffic. */
    MAINTENANCE;

    /** Whether people want it to take requests, whatever its health. */
    boolean isReady() {
        return this == ELIGIBLE || this == UNHEALTHY || this == UNPROVEN;
    }
}
