package io.halite.admin;

import io.halite.admin.access.AuditLog;
import io.halite.admin.access.FailedAttempts;
import io.halite.admin.access.Gate;
import io.halite.admin.api.BackupApi;
import io.halite.admin.api.Changes;
import io.halite.admin.api.ClusterApi;
import io.halite.admin.api.ConfigApi;
import io.halite.admin.api.DnsApi;
import io.halite.admin.api.DnsKeysApi;
import io.halite.admin.api.NodeApi;
import io.halite.admin.api.RevisionApi;
import io.halite.admin.api.SecretApi;
import io.halite.admin.api.SecretCheck;
import io.halite.admin.api.StatusApi;
import io.halite.admin.api.TargetApi;
import io.halite.admin.api.TokenApi;
import io.halite.admin.api.WeightApi;
import io.halite.admin.confirm.PendingConfirmation;
import io.halite.admin.http.Endpoint;
import io.halite.admin.http.FrontDoor;
import io.halite.admin.http.HttpsListener;
import io.halite.admin.http.ReloadableContext;
import io.halite.admin.secret.SecretVault;
import io.halite.admin.setup.SetupApi;
import io.halite.admin.watch.Happenings;
import io.halite.admin.watch.WatchApi;
import io.halite.config.store.ConfigStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The admin listener of a node. Started once, closed once, by one thread. */
public final class AdminServer implements AutoCloseable {
    private final AdminSettings settings;
    private final AdminParts parts;
    private final ReloadableContext tls;
    private final AuditLog audit;
    private final FailedAttempts failures;
    private final PendingConfirmation confirmation;
    private final Happenings happenings;
    private final List<Endpoint> endpoints;
    private @Nullable HttpsListener listener;

    /**
     * A server that is not open yet.
     *
     * @param tls with the certificate of the node
     */
    public AdminServer(AdminSettings settings, SSLContext tls, AdminParts parts) {
        this.settings = settings;
        this.parts = parts;
        this.tls = new ReloadableContext(tls);
        this.audit = new AuditLog(settings.auditFile());
        this.failures = new FailedAttempts(parts.ticker());
        this.confirmation = new PendingConfirmation(parts.store(), parts.time());
        this.happenings = new Happenings(parts.store(), parts.health(), parts.node(), parts.cluster(), parts.traffic(),
                parts.time());
        this.endpoints = List.copyOf(allEndpoints());
    }

    private List<Endpoint> allEndpoints() {
        List<Endpoint> all = new ArrayList<>();
        ConfigStore store = parts.store();
        SecretVault vault = new SecretVault(store, parts.sealer());
        SecretCheck secrets = new SecretCheck(vault);
        Changes changes = new Changes(store, parts.node(), parts.cluster(), confirmation);
        all.addAll(new NodeApi(parts.node(), parts.tracer(), audit).endpoints());
        all.addAll(new DnsApi(parts.node(), parts.dns()).endpoints());
        all.addAll(new DnsKeysApi(parts.dns().keys()).endpoints());
        all.addAll(new StatusApi(store, parts.health(), parts.node(), parts.cluster(), parts.targets(), confirmation)
                .endpoints());
        all.addAll(new TargetApi(store, parts.health(), parts.targets()).endpoints());
        all.addAll(new ConfigApi(store, parts.node(), changes, secrets).endpoints());
        all.addAll(new RevisionApi(store, changes, confirmation).endpoints());
        all.addAll(new WeightApi(store, changes).endpoints());
        all.addAll(new SecretApi(store, vault, secrets).endpoints());
        all.addAll(new BackupApi(store, parts.node(), parts.cluster(), vault).endpoints());
        all.addAll(new TokenApi(parts.tokens()).endpoints());
        all.addAll(new ClusterApi(parts.actions(), failures).endpoints());
        all.addAll(SetupApi.claimed());
        all.addAll(new WatchApi(happenings.feed()).endpoints());
        return all;
    }

    /** Every operation that the server answers. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** How many clients watch the events now. */
    int watching() {
        return happenings.feed().watching();
    }

    /**
     * Opens the listener.
     *
     * @return the real port
     * @throws IOException when the port cannot be had; the message names it
     */
    public int start() throws IOException {
        FrontDoor door = new FrontDoor(new Endpoint.Table(endpoints),
                new Gate(parts.tokens(), failures), audit,
                () -> !parts.cluster().hasQuorum(), parts.time(), parts.ticker());
        HttpsListener opened = HttpsListener.open(settings.bind(), settings.port(), tls, door);
        listener = opened;
        confirmation.start();
        happenings.start();
        return opened.port();
    }

    /** New connections use this certificate from now on. */
    public void reload(SSLContext context) {
        tls.reload(context);
    }

    @Override
    public void close() {
        happenings.close();
        confirmation.close();
        if (listener != null) {
            listener.close();
        }
    }
}
