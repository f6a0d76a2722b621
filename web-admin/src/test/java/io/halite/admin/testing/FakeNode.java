package io.halite.admin.testing;

import io.halite.admin.node.NodeView;
import io.halite.config.HostPort;
import io.halite.config.Revision;
import io.halite.config.document.DocumentRules;
import io.halite.config.store.ConfigStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that puts to work at once whatever its store holds, unless it is told to hang. */
public final class FakeNode implements NodeView {
    /** The node's own port, which no listener may take. */
    public static final int ADMIN_PORT = 8443;

    private final ConfigStore store;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();
    private final List<String> degraded = new CopyOnWriteArrayList<>();
    private volatile boolean serving = true;
    private volatile boolean hanging;

    public FakeNode(ConfigStore store) {
        this.store = store;
    }

    /** From now on it serves, or not. */
    public void setServing(boolean serves) {
        serving = serves;
    }

    /** From now on nothing becomes active. */
    public void hang() {
        hanging = true;
    }

    /** Adds a quarantined object. */
    public void fail(String object, String code, String message) {
        failures.add(new Failure(object, code, message));
    }

    /** Adds a degraded mode. */
    public void degrade(String sentence) {
        degraded.add(sentence);
    }

    @Override
    public String name() {
        return "lb-1";
    }

    @Override
    public String id() {
        return "node-1";
    }

    @Override
    public String address() {
        return "127.0.0.1";
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Revision activeRevision() {
        return hanging ? Revision.ZERO : store.current().revision();
    }

    @Override
    public long activeAdminVersion() {
        return hanging ? 0 : store.current().adminVersion();
    }

    @Override
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    @Override
    public List<String> degraded() {
        return List.copyOf(degraded);
    }

    @Override
    public boolean awaitActive(Revision revision, Duration limit) {
        return activeRevision().compareTo(revision) >= 0;
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public List<OpenListener> listeners() {
        return List.of(new OpenListener("shop/web", "127.0.0.1:8080"));
    }

    @Override
    public DocumentRules documentRules() {
        return new DocumentRules(Map.of(new HostPort("127.0.0.1", ADMIN_PORT), "admin port"));
    }

    @Override
    public String metrics() {
        return "# TYPE halite_config_revision gauge\nhalite_config_revision " + store.current().revision() + "\n";
    }
}
