package io.halite.config.document;

import io.halite.config.ClusterConfig;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.shape.Reading;
import io.halite.config.shape.Value;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Warns of nodes that are none: one that joins later is answered then, one that is misspelled never. Stateless. */
final class NodeNames {
    private NodeNames() {}

    static void check(ClusterConfig config, DocumentRules rules, Reading reading) {
        Set<String> nodes = new TreeSet<>(rules.nodes());
        if (nodes.isEmpty()) {
            return;
        }
        config.zones().values().forEach(zone -> {
            Stream<String> servers = zone.nameservers().stream().filter(server -> !isName(server, zone));
            warn(servers, nodes, reading.placeOf(zone));
            zone.names().values().forEach(settings -> warn(members(settings), nodes, reading.placeOf(settings)));
        });
        config.virtualAddresses().values().forEach(
                address -> warn(address.prefer().stream(), nodes, reading.placeOf(address)));
    }

    private static void warn(Stream<String> named, Set<String> nodes, Value place) {
        new TreeSet<>(named.filter(name -> !nodes.contains(name)).toList()).forEach(name -> place.warning("UNKNOWN_NODE",
                "no node is called '" + name + "'", hint(name, place.hint(name, nodes))));
    }

    private static String hint(String name, String nearest) {
        return (nearest.startsWith("did you mean") ? nearest + " else " : "") + "it counts once a node joins as " + name;
    }

    /** A nameserver may be a name of the zone, or elsewhere. */
    private static boolean isName(String server, Zone zone) {
        return server.indexOf('.') >= 0 || zone.names().containsKey(server);
    }

    private static Stream<String> members(NameSettings settings) {
        Stream<Choice> choices = Stream.concat(Stream.of(settings.choice()),
                settings.regions().values().stream().map(Zone.Region::choice));
        Stream<Member> chosen = choices.flatMap(choice -> Stream.concat(choice.members().stream(),
                choice.tiers().stream().flatMap(List::stream)));
        return Stream.concat(chosen, settings.backup().stream())
                .filter(Member.OfNode.class::isInstance).map(member -> ((Member.OfNode) member).node());
    }
}
