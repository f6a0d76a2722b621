package io.halite.admin.setup;

import io.halite.admin.access.AuditLog;
import io.halite.admin.access.FailedAttempts;
import io.halite.admin.access.Gate;
import io.halite.admin.http.Answer;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.FrontDoor;
import io.halite.admin.http.HttpsListener;
import io.halite.config.Ticker;
import io.halite.config.tree.Tree;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The admin listener of an unclaimed node: it can be set up, and nothing else. Closed once by one thread. */
public final class SetupServer implements AutoCloseable {
    private final HttpsListener listener;

    private SetupServer(HttpsListener listener) {
        this.listener = listener;
    }

    /**
     * Where it listens and what it writes.
     *
     * @param port 0 takes a free one
     * @param auditFile null keeps the audit log in memory only
     */
    public record Place(InetAddress bind, int port, @Nullable Path auditFile) {}

    /**
     * Opens the listener.
     *
     * @throws IOException when the port cannot be had; the message names it
     */
    public static SetupServer start(Place place, SSLContext tls, SetupActions actions, SetupCode code,
            InstantSource time, Ticker ticker) throws IOException {
        FailedAttempts failures = new FailedAttempts(ticker);
        List<Endpoint> endpoints = new ArrayList<>(SetupApi.unclaimed(actions, code, failures));
        endpoints.add(Endpoint.open("GET", "/healthz", call -> state("ok", 200)));
        endpoints.add(Endpoint.open("GET", "/readyz", call -> state("unclaimed", 503)));
        FrontDoor door = new FrontDoor(new Endpoint.Table(endpoints), Gate.unclaimed(failures),
                new AuditLog(place.auditFile()), () -> false, time, ticker);
        return new SetupServer(HttpsListener.open(place.bind(), place.port(), tls, door));
    }

    private static Answer state(String status, int code) {
        return Answer.of(Tree.mapping().put("status", status).build()).withStatus(code);
    }

    /** The real port. */
    public int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
    }
}
