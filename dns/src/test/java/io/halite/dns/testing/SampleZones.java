package io.halite.dns.testing;

import io.halite.config.Cidr;
import io.halite.config.Zone;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.testing.Configs.Name;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Zones that have one of everything. */
public final class SampleZones {
    /** Everyone in 198.51.100.0/24 and 2001:db8:e::/48 is in {@code eu}, in 203.0.113.0/24 in {@code us}. */
    public static final GeoMap MAP = new GeoMap(
            Map.of(new Cidr("198.51.100.0", 24), "eu", new Cidr("198.51.100.128", 25), "us",
                    new Cidr("203.0.113.0", 24), "us", new Cidr("2001:db8:e::", 48), "eu",
                    new Cidr("10.0.0.0", 8), "asia"),
            null, Collections.emptySortedMap(), Collections.emptySortedMap(), "us");

    private SampleZones() {}

    /** Nodes with addresses of both families. */
    public static FakeNodes nodes() {
        return FakeNodes.at("192.0.2.1,2001:db8::1", "192.0.2.2,2001:db8::2", "192.0.2.3");
    }

    /** The config of {@code lb.example.net} with a zone below it. */
    public static ConfigState state() {
        return state(false, false);
    }

    /** The same with the zone, or the one below it, signed. */
    public static ConfigState state(boolean signed, boolean innerSigned) {
        Zone outer = Configs.withMap(Configs.zone(Policy.ROUND_ROBIN, names()), "sites", MAP);
        Zone zone = signed ? Configs.signed(outer) : outer;
        SortedMap<String, NameSettings> inner = new TreeMap<>(Map.of(
                "x", Name.ofRecords().record("A", "192.0.2.77").settings(),
                "back", Name.ofRecords().record("CNAME", "shop.lb.example.net.").settings()));
        return Configs.empty()
                .domain("payments", "payments.lb.example.net")
                .domain("elsewhere", "shop.example.com")
                .zone("lb.example.net", zone)
                .zone("inner.lb.example.net", innerSigned
                        ? Configs.signed(Configs.zone(Policy.ROUND_ROBIN, inner))
                        : Configs.zone(Policy.ROUND_ROBIN, inner))
                .state();
    }

    private static SortedMap<String, NameSettings> names() {
        SortedMap<String, NameSettings> names = new TreeMap<>();
        names.put("shop", Name.of(Policy.WEIGHTED)
                .over(Configs.addresses("192.0.2.10=50", "192.0.2.11=30", "192.0.2.12=15", "192.0.2.13=5"))
                .record("HTTPS", "1 . alpn=h2").settings());
        names.put("pair", Name.of(Policy.ROUND_ROBIN)
                .over(Configs.addresses("192.0.2.20", "192.0.2.21", "2001:db8::20", "2001:db8::21")).settings());
        names.put("many", Name.of(Policy.ROUND_ROBIN).over(Configs.addresses("192.0.2.31", "192.0.2.32", "192.0.2.33",
                "192.0.2.34", "192.0.2.35", "192.0.2.36", "192.0.2.37", "192.0.2.38", "192.0.2.39", "192.0.2.40"))
                .settings());
        names.put("sticky", Name.of(Policy.WEIGHTED).sticky()
                .over(Configs.addresses("192.0.2.50=10", "192.0.2.51=20", "192.0.2.52=70")).settings());
        names.put("cdn", Name.of(Policy.GEO)
                .region("eu", Policy.WEIGHTED, Configs.addresses("192.0.2.60=70", "192.0.2.61=30"))
                .region("us", Policy.ROUND_ROBIN, Configs.addresses("192.0.2.70", "192.0.2.71", "2001:db8::70"))
                .region("asia", Policy.ROUND_ROBIN, Configs.addresses("192.0.2.80")).settings());
        names.put("*.wild", Name.ofRecords().record("A", "192.0.2.90").record("TXT", "\"any name\"").settings());
        names.put("*.pool.wild", Name.of(Policy.ROUND_ROBIN).over(Configs.addresses("192.0.2.91", "192.0.2.92"))
                .settings());
        names.put("www", Name.ofRecords().record("CNAME", "shop").settings());
        names.put("deep", Name.ofRecords().record("CNAME", "www").settings());
        names.put("out", Name.ofRecords().record("CNAME", "www.example.org.").settings());
        names.put("gone", Name.ofRecords().record("CNAME", "nowhere").settings());
        names.put("wildcname", Name.ofRecords().record("CNAME", "some.wild").settings());
        names.put("*.alias", Name.ofRecords().record("CNAME", "pair").settings());
        names.put("a.b.c", Name.ofRecords().record("TXT", "\"below an empty name\"").settings());
        names.put("child", Name.ofRecords().record("NS", "ns.child").record("NS", "ns.example.org.").settings());
        names.put("ns.child", Name.ofRecords().record("A", "192.0.2.99").settings());
        names.put("big", Name.ofRecords()
                .record("TXT", '"' + "x".repeat(250) + "\" \"" + "y".repeat(250) + '"')
                .record("TXT", '"' + "z".repeat(250) + "\" \"" + "w".repeat(250) + '"')
                .record("TXT", '"' + "u".repeat(250) + "\" \"" + "v".repeat(250) + '"').settings());
        names.put("mail", Name.ofRecords().record("MX", "10 mx1").record("MX", "20 mx2.example.org.").settings());
        names.put("_http._tcp", Name.ofRecords().record("SRV", "0 5 80 shop").record("SRV", "1 5 80 pair").settings());
        names.put("svc", Name.ofRecords().record("SVCB", "1 shop alpn=h2 port=8443").settings());
        names.put("static", Name.ofRecords().record("A", "192.0.2.101").record("A", "192.0.2.102")
                .record("AAAA", "2001:db8::101").settings());
        names.put(Zone.APEX, Name.ofRecords().record("CAA", "0 issue \"ca.example\"").record("TXT", "\"v=spf1 -all\"")
                .record("MX", "10 mail").settings());
        return names;
    }

    /** Names to ask for: all that exist and some that do not. */
    public static List<String> interestingNames() {
        return List.of("lb.example.net.", "payments.lb.example.net.", "shop.lb.example.net.", "pair.lb.example.net.",
                "many.lb.example.net.", "sticky.lb.example.net.", "cdn.lb.example.net.", "wild.lb.example.net.",
                "q.wild.lb.example.net.", "q.r.wild.lb.example.net.", "q.pool.wild.lb.example.net.",
                "*.wild.lb.example.net.", "www.lb.example.net.", "deep.lb.example.net.", "out.lb.example.net.",
                "gone.lb.example.net.", "wildcname.lb.example.net.", "q.alias.lb.example.net.", "c.lb.example.net.",
                "b.c.lb.example.net.", "a.b.c.lb.example.net.", "z.c.lb.example.net.", "child.lb.example.net.",
                "x.child.lb.example.net.", "ns.child.lb.example.net.", "big.lb.example.net.", "mail.lb.example.net.",
                "_http._tcp.lb.example.net.", "_tcp.lb.example.net.", "svc.lb.example.net.", "static.lb.example.net.",
                "lb-1.lb.example.net.", "lb-2.lb.example.net.", "lb-3.lb.example.net.", "inner.lb.example.net.",
                "x.inner.lb.example.net.", "back.inner.lb.example.net.", "y.inner.lb.example.net.", "example.net.",
                "net.", ".", "example.com.", "lb.example.net.example.com.", "nothing.lb.example.net.");
    }
}
