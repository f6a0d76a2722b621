package io.halite.appliance.takeover;

import java.io.IOException;
import java.util.Optional;

/**
 * What a service supervisor of systemd's protocol is told ({@code NOTIFY_SOCKET}, sd_notify(3)): that the node is up, and
 * which process it is from now on when another has taken over.
 */
public final class ServiceNotice {
    private static final System.Logger LOGGER = System.getLogger(ServiceNotice.class.getName());

    private final Optional<String> socket;

    /** For the supervisor of this process, if it has one. */
    public ServiceNotice() {
        this(Optional.ofNullable(System.getenv("NOTIFY_SOCKET")).filter(path -> !path.isEmpty()));
    }

    ServiceNotice(Optional<String> socket) {
        this.socket = socket;
    }

    /** The node is up. */
    public void ready() {
        tell("READY=1");
    }

    /** The node is that process from now on. */
    public void followedBy(long pid) {
        tell("MAINPID=" + pid);
    }

    private void tell(String what) {
        if (socket.isPresent() && UnixSocket.isSupported()) {
            try {
                UnixSocket.tell(socket.get(), what);
            } catch (IOException e) {
                LOGGER.log(System.Logger.Level.WARNING, "service supervisor not told cause=" + e.getMessage());
            }
        }
    }
}
