package io.halite.appliance.cli.client;

/** What a command ends with; scripts rely on these numbers. */
public enum ExitCode {
    OK(0),
    FAILED(1),
    USAGE(2),
    NOT_FOUND(3),
    INVALID_DOCUMENT(4),
    STALE_REVISION(5),
    NOT_AUTHORIZED(6),
    UNREACHABLE(7),
    DEGRADED(8),
    TIMED_OUT(9),
    DIFFERS(10);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number the process ends with. */
    public int number() {
        return number;
    }
}
