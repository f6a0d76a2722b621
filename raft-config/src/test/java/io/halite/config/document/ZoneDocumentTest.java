package io.halite.config.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.ClusterConfig;
import io.halite.config.HostPort;
import io.halite.config.TargetRef;
import io.halite.config.WhenAllDown;
import io.halite.config.Zone;
import io.halite.config.Zone.Choice;
import io.halite.config.Zone.Member;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.StaticRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Everything the DNS responder can be told, as a document tells it. */
class ZoneDocumentTest {
    private static final ClusterConfig CONFIG = Documents.valid(Documents.text("zones.yaml"));
    private static final Zone ZONE = Documents.get(CONFIG.zones(), "lb.example.net");

    private static NameSettings name(String name) {
        return Documents.get(ZONE.names(), name);
    }

    private static Member node(String name) {
        return new Member.OfNode(name, Member.OfNode.NODE_WEIGHT);
    }

    @Test
    void theExportReadsAsTheSameZone() {
        assertEquals(CONFIG, Documents.valid(ConfigDocument.yaml(CONFIG)));
        Golden.check("zones-canonical.yaml", ConfigDocument.yaml(CONFIG));
    }

    @Test
    void membersAreNodesAddressesPoolsAndVirtualAddresses() {
        assertEquals(List.of(node("lb-1"), new Member.OfNode("lb-2", 50),
                new Member.OfAddress("192.0.2.7", 10, new TargetRef("db", "10-0-1-5-5432")), new Member.OfPool("db"),
                new Member.OfVirtualAddress("front", Member.DEFAULT_WEIGHT)), name("shop").choice().members());
        assertEquals(List.of(new Member.OfAddress("192.0.2.99", Member.DEFAULT_WEIGHT, null)), name("shop").backup());
    }

    @Test
    void settingsOfANameGoBeforeThoseOfTheZone() {
        NameSettings shop = name("shop");
        assertEquals(Policy.WEIGHTED, shop.policy());
        assertEquals(Duration.ofSeconds(10), shop.ttl());
        assertEquals(1, shop.answers());
        assertEquals(50, shop.panicBelow());
        assertEquals(WhenAllDown.ALL, shop.whenAllDown());
        assertNull(name("www").policy());
        assertEquals(0, name("www").answers());
        assertEquals(Choice.ALL_NODES, name("www").choice());
    }

    @Test
    void failoverHasTiersAndGeoHasRegions() {
        assertEquals(List.of(List.of(node("lb-1"), node("lb-2")), List.of(node("lb-3"))), name("api").choice().tiers());
        assertEquals(Duration.ofMinutes(1), name("api").holdDown());
        assertEquals(Set.of("eu", "us"), name("cdn").regions().keySet());
        assertEquals(Policy.FAILOVER, Documents.get(name("cdn").regions(), "us").policy());
        assertEquals(List.of(node("lb-1")), Documents.get(name("cdn").regions(), "eu").choice().members());
    }

    @Test
    void staticRecordsStandBesideBalancedNames() {
        assertEquals(List.of(new StaticRecord("CAA", null, "0 issue \"ca.example\""),
                new StaticRecord("TXT", Duration.ofMinutes(5), "\"v=spf1 -all\""),
                new StaticRecord("ALIAS", null, "www.example.org.")), name(Zone.APEX).records());
    }

    @Test
    void mapsTransferAndSigning() {
        assertEquals(Map.of(Documents.cidr("10.1.0.0/16"), "eu", Documents.cidr("2001:db8::/32"), "us"),
                Documents.get(ZONE.geoMaps(), "sites").networks());
        assertEquals("/etc/halite/country.mmdb", Documents.get(ZONE.geoMaps(), "world").database());
        Zone.Transfer transfer = ZONE.transfer();
        assertEquals(new Zone.Transfer(List.of(Documents.cidr("10.0.0.0/8")),
                new Zone.TsigKey("xfr", "hmac-sha256", "xfr-key"),
                List.of(new HostPort("10.0.0.53", 53), new HostPort("2001:db8::1", 5353))), transfer);
        assertTrue(ZONE.dnssec());
        assertEquals("hostmaster@example.net", ZONE.soa().contact());
        assertEquals(Duration.ofDays(14), ZONE.soa().expire());
    }
}
