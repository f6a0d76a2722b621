package io.halite.admin.node;

import io.halite.config.Revision;
import io.halite.config.document.DocumentRules;
import java.time.Duration;
import java.util.List;

/** What the admin API must know of this node beyond its store and its health view. Safe for use by many threads. */
public interface NodeView {

    /** The node's name, as given by {@code --name}. */
    String name();

    /** The node's stable id, internal to the cluster. */
    String id();

    /** The address peers and DNS answers use. */
    String address();

    /** The version of the program. */
    String version();

    /** The revision whose products this node works by. */
    Revision activeRevision();

    /** The count of admin state changes that this node works by. */
    long activeAdminVersion();

    /** The objects of the active revision that this node could not put to work. */
    List<Failure> failures();

    /** The degraded modes this node is in, one sentence each; empty when all is well. */
    List<String> degraded();

    /** Waits until the revision, or a later one, is active here; false when the limit passed before. */
    boolean awaitActive(Revision revision, Duration limit);

    /** Whether the node serves traffic: its data plane runs and it is not stopping. */
    boolean isServing();

    /** The listeners that are open on this node. */
    List<OpenListener> listeners();

    /** What documents must respect on this node: its own ports. */
    DocumentRules documentRules();

    /** The metrics in Prometheus' text format. */
    String metrics();

    /**
     * An object that was quarantined.
     *
     * @param object {@code kind/name} or below
     * @param code stable, upper snake case
     */
    record Failure(String object, String code, String message) {}

    /**
     * A listener and where it really listens.
     *
     * @param label {@code loadBalancer/listener}
     * @param address address and port, the real one where the document says port 0
     */
    record OpenListener(String label, String address) {}
}
