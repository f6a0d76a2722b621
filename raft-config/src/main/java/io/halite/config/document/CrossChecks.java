package io.halite.config.document;

import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.VirtualAddress;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import io.halite.config.tree.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that need the whole document: references, clashing sockets and addresses. Each takes linear time. Stateless. */
final class CrossChecks {
    /** The kind of a reference of the form pool/target. */
    static final String TARGETS = "targets";
    /** The kind of a reference to a certificate that must have a key. */
    static final String KEYS = "keys";

    private CrossChecks() {}

    static void check(Tree tree, ClusterConfig config, DocumentRules rules, Reading reading) {
        references(tree, config, reading);
        ListenerClashes.check(config, rules, reading);
        ZoneTargets.check(config, reading);
        NodeNames.check(config, rules, reading);
        virtualAddresses(config, reading);
    }

    /** Names are taken from the text, so that an object with a problem of its own still counts as there. */
    private static void references(Tree tree, ClusterConfig config, Reading reading) {
        Set<String> targets = targets(config);
        for (Reading.Reference reference : reading.references()) {
            switch (reference.kind()) {
                case TARGETS -> target(reference, targets);
                case KEYS -> key(reference, config.certificates().get(reference.name()));
                default -> object(reference, names(tree, reference.kind()));
            }
        }
    }

    private static void object(Reading.Reference reference, Set<String> names) {
        if (!names.contains(reference.name())) {
            reference.place().<Object>error("DANGLING_REFERENCE",
                    "there is no '" + reference.name() + "' among the " + reference.kind(),
                    names.isEmpty() ? "the document has none; put it under `" + reference.kind() + ":`"
                            : reference.place().hint(reference.name(), names));
        }
    }

    private static void key(Reading.Reference reference, @Nullable Certificate certificate) {
        if (certificate != null && certificate.keySecret() == null) {
            reference.place().<Object>error("CERTIFICATE_WITHOUT_KEY",
                    "the certificate '" + reference.name() + "' has no key, so it cannot be shown to anybody",
                    "set `key: { secret: NAME }` of the certificate");
        }
    }

    private static void target(Reading.Reference reference, Set<String> targets) {
        if (!targets.contains(reference.name())) {
            reference.place().<Object>error("DANGLING_REFERENCE", "there is no target '" + reference.name() + "'",
                    targets.isEmpty() ? "no pool has one; put it under `targets:` of the pool"
                            : reference.place().hint(reference.name(), targets));
        }
    }

    private static Set<String> targets(ClusterConfig config) {
        Set<String> targets = new HashSet<>();
        config.pools().forEach((name, pool) -> pool.targets().forEach(target -> targets.add(name + "/" + target.name())));
        return targets;
    }

    private static Set<String> names(Tree tree, String kind) {
        return tree instanceof Tree.Mapping document && document.get(kind) instanceof Tree.Mapping section
                ? section.entries().keySet() : Set.of();
    }

    private static void virtualAddresses(ClusterConfig config, Reading reading) {
        Map<String, Value> addresses = new HashMap<>();
        Map<Integer, Value> routers = new HashMap<>();
        for (VirtualAddress address : config.virtualAddresses().values()) {
            Value place = reading.placeOf(address);
            Value first = addresses.putIfAbsent(address.address().address(), place);
            if (first != null) {
                place.<Object>error("DUPLICATE_ADDRESS", "the address " + address.address().address()
                        + " is that of '" + first.key() + "' already",
                        "give each virtual address an address of its own");
            }
            Value router = address.routerId() == 0 ? null : routers.putIfAbsent(address.routerId(), place);
            if (router != null) {
                place.<Object>error("DUPLICATE_ROUTER_ID", "the router id " + address.routerId() + " is that of '"
                        + router.key() + "' already", "give each virtual address an id of its own");
            }
        }
    }
}
