package io.halite.appliance;

import io.halite.config.Cidr;
import io.halite.config.membership.JoinToken;
import io.halite.dns.DnsSettings;
import io.halite.dns.policy.DnsNode;
import io.halite.proxy.DataPlaneSettings;
import io.halite.proxy.accesslog.LogDestination;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.tls.TlsEngine;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node is started with.
 *
 * @param bind the address of the node's own sockets and of every listener written with a wildcard
 * @param advertise the address that peers and DNS answers use; {@link Place} may have more for DNS answers
 * @param place its part in DNS answers
 * @param accessLog where requests are logged
 * @param config a document that is applied once, when the cluster is created; null for none
 * @param join the cluster that a new node joins; null to found one
 * @param unclaimed whether a new node waits until someone at its console says what it shall be
 * @param witness whether a new node that joins shall only vote
 * @param engines what carries its traffic
 */
record NodeSettings(
        Path data, String name, InetAddress bind, InetAddress advertise, Ports ports, Place place,
        LogDestination accessLog, @Nullable Path config, @Nullable Join join, boolean unclaimed,
        boolean witness, Engines engines) {

    DataPlaneSettings dataPlane() {
        return DataPlaneSettings.on(bind, accessLog, engines.relay(), engines.tls());
    }

    /** Every address that DNS answers name the node by. */
    List<InetAddress> answered() {
        return Stream.concat(Stream.of(advertise), place.addresses().stream()).distinct().toList();
    }

    /** Those of {@link #answered} that are not of a family which listeners written with a wildcard take. */
    List<InetAddress> unheard() {
        boolean isDual = bind instanceof Inet6Address && bind.isAnyLocalAddress();
        return answered().stream().filter(address -> !isDual && address.getClass() != bind.getClass()).toList();
    }

    /**
     * What carries traffic.
     *
     * @param relay the relay loops
     * @param tls the cryptography of https listeners
     */
    record Engines(Engine relay, TlsEngine tls) {
        static final Engines BEST = new Engines(Engine.AUTO, TlsEngine.AUTO);
    }

    /** The node's own ports; 0 takes a free one. */
    record Ports(int admin, int cluster, int dns) {}

    /**
     * A node's part in DNS answers.
     *
     * @param site the region of geo names that it serves; empty for none
     * @param weight its share of weighted names, 0 for standby
     * @param addresses by which it is named besides the advertised one
     * @param responder how it answers itself
     */
    record Place(String site, int weight, List<InetAddress> addresses, Responder responder) {
        static final Place ANYWHERE = new Place("", DnsNode.DEFAULT_WEIGHT, List.of(), Responder.DEFAULT);

        Place {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * How its DNS responder answers.
     *
     * @param perSecond responses of one kind to one client network, 0 for no limit
     * @param exempt networks without a limit
     * @param frames network interfaces whose queries are answered from frames
     */
    record Responder(int perSecond, List<Cidr> exempt, List<String> frames) {
        static final Responder DEFAULT = new Responder(DnsSettings.DEFAULT_RESPONSES_PER_SECOND, List.of(), List.of());

        Responder {
            exempt = List.copyOf(exempt);
            frames = List.copyOf(frames);
        }
    }

    /**
     * A cluster to join.
     *
     * @param peer host and admin port of any member
     */
    record Join(String peer, JoinToken token) {}
}
