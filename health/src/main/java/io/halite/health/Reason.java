package io.halite.health;

/** Why a target has its health: the stable codes, named after AWS's. A target that simply passes has none. */
public enum Reason {
    NONE(""),
    INITIAL("Halite.InitialHealthChecking"),
    CHECK_INVALID("Halite.CheckInvalid"),
    CHECK_DISABLED("Target.HealthCheckDisabled"),
    MAINTENANCE("Target.Maintenance"),
    TIMEOUT("Target.Timeout"),
    CONNECTION_REFUSED("Target.ConnectionRefused"),
    CONNECTION_RESET("Target.ConnectionReset"),
    CONNECTION_CLOSED("Target.ConnectionClosed"),
    UNREACHABLE("Target.Unreachable"),
    NAME_NOT_RESOLVED("Target.NameNotResolved"),
    RESPONSE_CODE_MISMATCH("Target.ResponseCodeMismatch"),
    RESPONSE_BODY_MISMATCH("Target.ResponseBodyMismatch"),
    INVALID_RESPONSE("Target.InvalidResponse"),
    TLS_FAILED("Target.TlsHandshakeFailed"),
    CERTIFICATE_EXPIRED("Target.CertificateExpired"),
    /** A warning: the target passes. */
    CERTIFICATE_EXPIRES("Target.CertificateExpires"),
    NOT_SERVING("Target.NotServing"),
    AGENT_DOWN("Target.AgentDown"),
    AGENT_MAINT("Target.AgentMaint"),
    /** The target passes, but its agent wants no new sessions. */
    AGENT_DRAIN("Target.AgentDrain"),
    FLAPPING("Target.Flapping");

    private final String code;

    Reason(String code) {
        this.code = code;
    }

    /** The reason of a code; none for one that this version does not know. */
    public static Reason of(String code) {
        for (Reason reason : values()) {
            if (reason.code.equals(code)) {
                return reason;
            }
        }
        return NONE;
    }

    /** The code as the API shows it, such as {@code Target.Timeout}; empty for none. */
    public String code() {
        return code;
    }
}
