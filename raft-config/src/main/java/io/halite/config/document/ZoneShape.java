package io.halite.config.document;

import io.halite.config.Cidr;
import io.halite.config.HostPort;
import io.halite.config.Zone;
import io.halite.config.Zone.GeoMap;
import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.Zone.Soa;
import io.halite.config.Zone.Transfer;
import io.halite.config.Zone.TsigKey;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Type;
import io.halite.config.shape.Units;
import io.halite.config.shape.Value;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Zones of the DNS responder: timers, maps and transfer; their names are {@link ZoneNameShape}'s. Stateless. */
final class ZoneShape {
    static final Type<Duration> TTL_TYPE = seconds(Duration.ofDays(7));
    private static final Type<Duration> TIMER = seconds(Duration.ofDays(60));
    private static final Type<String> REGION_NAME = Scalars.name();

    private static final Key<Soa, String> CONTACT = Key.optional("contact", Soa::contact,
            Scalars.checked(Scalars.line("a mail address"), ZoneShape::mailAddress),
            "the mail address of whoever is responsible; by default hostmaster at the zone");
    private static final Key<Soa, Duration> REFRESH = Key.of("refresh", Soa::refresh, TIMER, Soa.DEFAULT.refresh(),
            "how often secondaries look for changes");
    private static final Key<Soa, Duration> RETRY = Key.of("retry", Soa::retry, TIMER, Soa.DEFAULT.retry(),
            "how soon they try again");
    private static final Key<Soa, Duration> EXPIRE = Key.of("expire", Soa::expire, TIMER, Soa.DEFAULT.expire(),
            "how long they answer without having reached a node");
    private static final Key<Soa, Duration> NEGATIVE_TTL = Key.of("negativeTtl", Soa::negativeTtl, TTL_TYPE,
            Soa.DEFAULT.negativeTtl(), "how long a resolver may remember that a name or type does not exist");
    private static final Shape<Soa> SOA_SHAPE = Shape.of(fields -> new Soa(fields.find(CONTACT), fields.get(REFRESH),
            fields.get(RETRY), fields.get(EXPIRE), fields.get(NEGATIVE_TTL)), CONTACT, REFRESH, RETRY, EXPIRE, NEGATIVE_TTL);

    private static final Key<GeoMap, SortedMap<String, String>> NETWORKS = Key.of("networks", ZoneShape::networks,
            Composites.map(Scalars.checked(Scalars.text(), ZoneShape::network), REGION_NAME), Collections.emptySortedMap(),
            "region by network of clients; the longest prefix wins");
    private static final Key<GeoMap, String> DATABASE = Key.optional("database", GeoMap::database,
            Scalars.line("a file name"), "an MMDB file on each node, for clients that no network covers");
    private static final Key<GeoMap, SortedMap<String, String>> COUNTRIES = Key.of("countries", GeoMap::countries,
            Composites.map(Scalars.checked(Scalars.text(), ZoneShape::code), REGION_NAME), Collections.emptySortedMap(),
            "region by ISO 3166 code of the database's country");
    private static final Key<GeoMap, SortedMap<String, String>> CONTINENTS = Key.of("continents", GeoMap::continents,
            Composites.map(Scalars.checked(Scalars.text(), ZoneShape::code), REGION_NAME), Collections.emptySortedMap(),
            "region by continent code (AF, AN, AS, EU, NA, OC, SA), for countries not listed");
    private static final Key<GeoMap, String> OTHERWISE = Key.required("otherwise", GeoMap::otherwise, REGION_NAME,
            "the region of everybody else");
    private static final Shape<GeoMap> GEO_MAP_SHAPE =
            Shape.of(ZoneShape::geoMap, NETWORKS, DATABASE, COUNTRIES, CONTINENTS, OTHERWISE);

    private static final Key<TsigKey, String> KEY_NAME = Key.required("name", TsigKey::name, HttpWords.DNS_NAME,
            "its name, the same at the secondary");
    private static final Key<TsigKey, String> ALGORITHM = Key.of("algorithm", TsigKey::algorithm,
            Scalars.choice(List.of("hmac-sha256", "hmac-sha384", "hmac-sha512"), name -> name), "hmac-sha256",
            "how messages are signed");
    private static final Key<TsigKey, String> SECRET = Key.required("secret", TsigKey::secret, Scalars.name(),
            "the name of the secret that holds the key in base 64");
    private static final Key<Transfer, List<Cidr>> ALLOW = Key.of("allow", Transfer::allow,
            Composites.oneOrMore(Addresses.CIDR), List.of(), "addresses of secondaries that may copy the zone");
    private static final Key<Transfer, TsigKey> KEY = Key.optional("key", Transfer::key, Shape.of(fields -> {
        String name = fields.find(KEY_NAME);
        String secret = fields.find(SECRET);
        return name == null || secret == null ? null : new TsigKey(name, fields.get(ALGORITHM), secret);
    }, KEY_NAME, ALGORITHM, SECRET), "the TSIG key that requests must be signed with");
    private static final Key<Transfer, List<HostPort>> NOTIFY = Key.of("notify", Transfer::secondaries,
            Composites.oneOrMore(Scalars.spelled(ZoneShape::secondary, ZoneShape::spelling, "INVALID_ADDRESS",
                    "address of a secondary",
                    "write an IP address, with a port if it is not 53: 192.0.2.53 or [2001:db8::1]:53")),
            List.of(), "addresses of secondaries that are told of each change");
    private static final Shape<Transfer> TRANSFER_SHAPE = Shape.of(ZoneShape::transfer, ALLOW, KEY, NOTIFY);

    private static final Key<Zone, List<String>> NAMESERVERS = Key.of("nameservers", Zone::nameservers,
            Composites.list(HttpWords.DNS_NAME), List.of(),
            "nodes, labels below the zone, or absolute names (those with a dot)");
    private static final Key<Zone, Duration> TTL = Key.of("ttl", Zone::ttl, TTL_TYPE, Zone.DEFAULT_TTL,
            "how long resolvers may keep an answer; halved while something is down");
    private static final Key<Zone, Policy> POLICY = Key.of("policy", Zone::policy, ZoneNameShape.POLICY_TYPE,
            Policy.ROUND_ROBIN, "how balanced names choose among the nodes");
    private static final Key<Zone, String> GEO_MAP = Key.optional("geoMap", Zone::geoMap, Scalars.name(),
            "the one of geoMaps that policy geo uses");
    private static final Key<Zone, Soa> SOA = Key.of("soa", Zone::soa, SOA_SHAPE, Soa.DEFAULT,
            "timers of the SOA record; serial and nameserver are derived");
    private static final Key<Zone, SortedMap<String, NameSettings>> NAMES = Key.of("names", Zone::names,
            Composites.map(Scalars.checked(Scalars.text(), ZoneShape::relativeName), ZoneNameShape.NAME_SETTINGS),
            Collections.emptySortedMap(), "single names, relative to the zone: shop, *.shop, or @ for the zone itself");
    private static final Key<Zone, SortedMap<String, GeoMap>> GEO_MAPS = Key.of("geoMaps", Zone::geoMaps,
            Composites.map(Scalars.name(), GEO_MAP_SHAPE), Collections.emptySortedMap(), "where clients are, by name");
    private static final Key<Zone, Transfer> TRANSFER = Key.optional("transfer", Zone::transfer, TRANSFER_SHAPE,
            "who may copy the zone (AXFR); by default nobody");
    private static final Key<Zone, Boolean> DNSSEC = Key.of("dnssec", Zone::dnssec, Scalars.bool(), false,
            "signs the zone (ECDSA P-256, NSEC) by a key that the cluster makes; see halite dns ds");
    private static final Key<Zone, Integer> LOG_EVERY = Key.of("logEvery", Zone::logEvery,
            Scalars.integer(0, 1_000_000_000), 0,
            "logs one of so many queries, chosen at random, at most 200 a second on each node; 0 for none");

    static final Shape<Zone> ZONE = Shape.of(ZoneShape::zone, NAMESERVERS, TTL, POLICY, GEO_MAP, SOA, NAMES, GEO_MAPS,
            TRANSFER, DNSSEC, LOG_EVERY);

    private ZoneShape() {}

    /** DNS counts in seconds. */
    private static Type<Duration> seconds(Duration max) {
        return Scalars.checked(Scalars.duration(Duration.ofSeconds(1), max), (duration, value) ->
                duration.toMillisPart() == 0 ? duration : value.error("INVALID_DURATION",
                        "'" + Units.text(duration) + "' is no whole number of seconds", "DNS counts in seconds"));
    }

    private static Zone zone(Fields fields) {
        List<String> nameservers = fields.get(NAMESERVERS);
        if (nameservers.stream().distinct().count() < 2) {
            Value list = fields.at(NAMESERVERS);
            (list == null ? fields.owner() : list).warning("FEW_NAMESERVERS", "the zone has fewer than two nameservers",
                    "parents of a zone ask for two or more, so that one may fail");
        }
        Zone zone = new Zone(nameservers, fields.get(TTL), fields.get(POLICY), fields.find(GEO_MAP), fields.get(SOA),
                fields.get(NAMES), fields.get(GEO_MAPS), fields.find(TRANSFER), fields.get(DNSSEC),
                fields.get(LOG_EVERY));
        Value map = fields.at(GEO_MAP);
        if (map != null && zone.geoMap() != null) {
            ZoneChecks.mapExists(zone, zone.geoMap(), map);
        }
        ZoneChecks.check(zone, fields.owner());
        fields.owner().reading().remember(zone, fields.owner());
        return zone;
    }

    private static SortedMap<String, String> networks(GeoMap map) {
        SortedMap<String, String> networks = new TreeMap<>();
        map.networks().forEach((network, region) -> networks.put(network.toString(), region));
        return networks;
    }

    private static @Nullable GeoMap geoMap(Fields fields) {
        Map<Cidr, String> networks = new HashMap<>();
        fields.get(NETWORKS).forEach((text, region) -> {
            Cidr network = Addresses.cidr(text);
            if (network != null) {
                networks.put(network, region);
            }
        });
        String otherwise = fields.find(OTHERWISE);
        boolean codes = !fields.get(COUNTRIES).isEmpty() || !fields.get(CONTINENTS).isEmpty();
        if (codes && !fields.has(DATABASE)) {
            fields.owner().<Object>error("MISSING_KEY", "'database' is missing",
                    "countries and continents are looked up in an MMDB file");
        }
        return otherwise == null ? null : new GeoMap(networks, fields.find(DATABASE), fields.get(COUNTRIES),
                fields.get(CONTINENTS), otherwise);
    }

    private static @Nullable String network(String text, Value value) {
        Cidr network = Addresses.CIDR.read(value);
        return network == null ? null : network.toString();
    }

    private static @Nullable String code(String text, Value value) {
        String code = text.toUpperCase(Locale.ROOT);
        boolean valid = code.length() == 2 && code.chars().allMatch(c -> c >= 'A' && c <= 'Z');
        return valid ? code : value.error("INVALID_CODE", "'" + Value.abbreviated(text) + "' is no code of two letters",
                "write DE for Germany, EU for Europe");
    }

    private static @Nullable String mailAddress(String text, Value value) {
        int at = text.indexOf('@');
        boolean valid = at > 0 && at == text.lastIndexOf('@') && text.indexOf(' ') < 0
                && Addresses.isDnsName(text.substring(at + 1));
        return valid ? text : value.error("INVALID_MAIL_ADDRESS", "'" + Value.abbreviated(text) + "' is no mail address",
                "write hostmaster@example.net");
    }

    private static @Nullable HostPort secondary(String text) {
        boolean alone = Addresses.ip(text) != null;
        HostPort address = Addresses.hostPort(alone ? (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":53" : text);
        return address == null || address.port() == 0 || Addresses.ip(address.host()) == null ? null : address;
    }

    private static String spelling(HostPort secondary) {
        return secondary.port() == 53 ? secondary.host() : secondary.toString();
    }

    private static Transfer transfer(Fields fields) {
        Transfer transfer = new Transfer(fields.get(ALLOW), fields.find(KEY), fields.get(NOTIFY));
        if (transfer.allow().isEmpty() && transfer.key() == null && !fields.has(KEY)) {
            fields.owner().warning("NOBODY_ALLOWED", "nobody may copy the zone",
                    "give `allow`, `key` or both; or leave `transfer` out");
        }
        return transfer;
    }

    private static @Nullable String relativeName(String text, Value value) {
        String name = text.toLowerCase(Locale.ROOT);
        boolean valid = name.equals(Zone.APEX) || name.equals("*")
                || Addresses.isDnsName(name.startsWith("*.") ? name.substring(2) : name);
        return valid ? name : value.error("INVALID_DNS_NAME", "'" + Value.abbreviated(text) + "' is no name in a zone",
                "write it relative to the zone: shop, *.shop or @ for the zone itself");
    }
}
