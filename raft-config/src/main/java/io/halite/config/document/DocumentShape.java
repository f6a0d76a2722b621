package io.halite.config.document;

import io.halite.config.AutoscalingGroup;
import io.halite.config.Certificate;
import io.halite.config.ClusterConfig;
import io.halite.config.LoadBalancer;
import io.halite.config.Pool;
import io.halite.config.VirtualAddress;
import io.halite.config.Zone;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The document as a whole: its version and its sections of named objects. Stateless. */
final class DocumentShape {
    static final String VERSION = "halite/v1";

    /** A top-level key with objects of one kind. */
    record Section<T>(String kind, Shape<T> shape, Key<ClusterConfig, SortedMap<String, T>> key) {
        static <T> Section<T> of(
                String kind, Function<ClusterConfig, @Nullable SortedMap<String, T>> objects, Type<String> name,
                Shape<T> shape, String says) {
            return new Section<>(kind, shape,
                    Key.of(kind, objects, Composites.map(name, shape), Collections.emptySortedMap(), says));
        }

        /** This section, told to be without effect yet where a document has it. */
        Section<T> inAdvance() {
            return new Section<>(kind, shape, Key.inAdvance(key));
        }

        SortedMap<String, T> of(ClusterConfig config) {
            SortedMap<String, T> objects = key.value().apply(config);
            return objects == null ? Collections.emptySortedMap() : objects;
        }
    }

    static final Section<LoadBalancer> LOAD_BALANCERS = Section.of("loadBalancers", ClusterConfig::loadBalancers,
            Scalars.name(), LoadBalancerShape.LOAD_BALANCER, "what tenants own: listeners and routes");
    static final Section<Pool> POOLS = Section.of("pools", ClusterConfig::pools, PoolShape.NAME, PoolShape.POOL,
            "sets of targets");
    static final Section<Certificate> CERTIFICATES = Section.of("certificates", ClusterConfig::certificates,
            Scalars.name(), CertificateShape.CERTIFICATE, "certificates that https listeners serve");
    static final Section<Zone> ZONES = Section.of("zones", ClusterConfig::zones, HttpWords.DNS_NAME, ZoneShape.ZONE,
            "what the DNS responder is authoritative for, by DNS name");
    static final Section<VirtualAddress> VIRTUAL_ADDRESSES = Section.of("virtualAddresses",
            ClusterConfig::virtualAddresses, Scalars.name(), VirtualAddressShape.VIRTUAL_ADDRESS,
            "IP addresses that float between nodes or are announced by several").inAdvance();
    static final Section<AutoscalingGroup> AUTOSCALING = Section.of("autoscaling", ClusterConfig::autoscaling,
            Scalars.name(), AutoscalingShape.GROUP, "when nodes are added and removed").inAdvance();
    /** The sections in the order of the document. */
    static final List<Section<?>> SECTIONS =
            List.of(LOAD_BALANCERS, POOLS, CERTIFICATES, ZONES, VIRTUAL_ADDRESSES, AUTOSCALING);

    private static final Key<ClusterConfig, String> API_VERSION = Key.required("apiVersion", config -> VERSION,
            Scalars.choice(List.of(VERSION), version -> version), "a document begins with `apiVersion: " + VERSION + "`");

    static final Shape<ClusterConfig> DOCUMENT = Shape.of(DocumentShape::config, API_VERSION, LOAD_BALANCERS.key(),
            POOLS.key(), CERTIFICATES.key(), ZONES.key(), VIRTUAL_ADDRESSES.key(), AUTOSCALING.key());

    private DocumentShape() {}

    private static ClusterConfig config(Fields fields) {
        return new ClusterConfig(fields.get(LOAD_BALANCERS.key()), fields.get(POOLS.key()),
                fields.get(CERTIFICATES.key()), fields.get(ZONES.key()), fields.get(VIRTUAL_ADDRESSES.key()),
                fields.get(AUTOSCALING.key()));
    }
}
