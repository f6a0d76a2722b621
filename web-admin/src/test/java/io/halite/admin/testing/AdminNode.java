package io.halite.admin.testing;

import io.halite.admin.AdminParts;
import io.halite.admin.AdminServer;
import io.halite.admin.AdminSettings;
import io.halite.admin.access.AccessTokens;
import io.halite.admin.access.Role;
import io.halite.admin.node.ClusterView;
import io.halite.admin.secret.AesSealer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An admin server with fakes behind it, on a free port of 127.0.0.1, and tokens of every role. */
public final class AdminNode implements AutoCloseable {
    private static final TestCertificate CERTIFICATE = TestCertificate.create("lb-1", "EC");

    public final FakeConfigStore store;
    public final FakeNode node;
    public final FakeHealth health = new FakeHealth();
    public final AtomicReference<Instant> now;
    public final AccessTokens tokens;
    public final AdminServer server;
    public final int port;
    private final Map<Role, String> tokenOf = new EnumMap<>(Role.class);
    private final HttpClient http;

    private AdminNode(UnaryOperator<AdminParts> change, @Nullable Path audit) throws IOException {
        this(new FakeConfigStore(), new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z")), change, audit);
    }

    private AdminNode(FakeConfigStore store, AtomicReference<Instant> now, UnaryOperator<AdminParts> change,
            @Nullable Path audit) throws IOException {
        this.store = store;
        this.now = now;
        node = new FakeNode(store);
        InstantSource time = now::get;
        tokens = new AccessTokens(store, time);
        AdminParts parts = change.apply(AdminParts.alone(store, health, node, new AesSealer(new byte[32]), tokens, time)
                .withCluster(ClusterView.alone("c-1", "test", node, store)));
        server = new AdminServer(new AdminSettings(InetAddress.getLoopbackAddress(), 0, audit), CERTIFICATE.server(), parts);
        port = server.start();
        for (Role role : Role.values()) {
            tokenOf.put(role, issue(role));
        }
        http = client(CERTIFICATE, HttpClient.Version.HTTP_1_1);
    }

    private String issue(Role role) {
        return tokens.issue("the-" + role.key(), role, Optional.empty(), "test") instanceof
                AccessTokens.Issue.Issued(String token, AccessTokens.Entry ignored) ? token : "";
    }

    /** A node that is its whole cluster. */
    public static AdminNode start() throws IOException {
        return new AdminNode(UnaryOperator.identity(), null);
    }

    /** Another node over the same store and clock. */
    public static AdminNode over(FakeConfigStore store, AtomicReference<Instant> now) throws IOException {
        return new AdminNode(store, now, UnaryOperator.identity(), null);
    }

    /** A node with other parts. */
    public static AdminNode start(UnaryOperator<AdminParts> change) throws IOException {
        return new AdminNode(change, null);
    }

    /** A node that writes its audit log to a file. */
    public static AdminNode start(Path audit) throws IOException {
        return new AdminNode(UnaryOperator.identity(), audit);
    }

    /** A client of this version that trusts a certificate. */
    public static HttpClient client(TestCertificate trusted, HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(trusted.client())
                .connectTimeout(Duration.ofSeconds(60)).build();
    }

    /** The certificate of every node. */
    public static TestCertificate certificate() {
        return CERTIFICATE;
    }

    /** The token of a role. */
    public String token(Role role) {
        return tokenOf.getOrDefault(role, "");
    }

    /** A caller with the token of a role. */
    public Caller as(Role role) {
        return new Caller(http, port, token(role));
    }

    /** A caller with the token of role admin. */
    public Caller admin() {
        return as(Role.ADMIN);
    }

    /** A caller with this token; an empty one sends none. */
    public Caller with(String token) {
        return new Caller(http, port, token);
    }

    /** Time goes on. */
    public void advance(Duration by) {
        now.updateAndGet(instant -> instant.plus(by));
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
