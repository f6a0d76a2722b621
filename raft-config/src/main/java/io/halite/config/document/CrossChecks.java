package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.VirtualAddress;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import io.halite.config.shape.Words;
import io.halite.config.tree.Tree;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Checks that need the whole document: references, clashing sockets and addresses. Each takes linear time. Stateless. */
final class CrossChecks {
    private CrossChecks() {}

    static void check(Tree tree, ClusterConfig config, DocumentRules rules, Reading reading) {
        references(tree, reading);
        ListenerClashes.check(config, rules, reading);
        virtualAddresses(config, reading);
    }

    /** Names are taken from the text, so that an object with a problem of its own still counts as there. */
    private static void references(Tree tree, Reading reading) {
        for (Reading.Reference reference : reading.references()) {
            boolean there = tree instanceof Tree.Mapping document
                    && document.get(reference.kind()) instanceof Tree.Mapping section
                    && section.entries().containsKey(reference.name());
            if (!there) {
                reference.place().<Object>error("DANGLING_REFERENCE",
                        "there is no '" + reference.name() + "' among the " + reference.kind(),
                        Words.hint(reference.name(), names(tree, reference.kind())));
            }
        }
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
                        + " is that of '" + first.key() + "' already", "");
            }
            Value router = address.routerId() == 0 ? null : routers.putIfAbsent(address.routerId(), place);
            if (router != null) {
                place.<Object>error("DUPLICATE_ROUTER_ID", "the router id " + address.routerId() + " is that of '"
                        + router.key() + "' already", "give each virtual address an id of its own");
            }
        }
    }
}
