package io.halite.dns.testing;

import io.halite.config.Cidr;
import io.halite.config.Zone.GeoMap;
import io.halite.dns.policy.Candidate;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Selection;
import io.halite.dns.render.NameContent;
import io.halite.dns.render.ZoneContent;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * What a name and type must be answered with, worked out from the records and decisions by the book (RFC 1034 section
 * 4.3.2) and in no hurry: no hash, no bytes, no tails.
 */
public final class Oracle {
    private final TreeMap<Name, ZoneContent> zones = new TreeMap<>();
    private final Map<String, GeoMap> maps;

    public Oracle(Collection<ZoneContent> zones, Map<String, GeoMap> maps) {
        zones.forEach(zone -> this.zones.put(zone.apex(), zone));
        this.maps = maps;
    }

    /**
     * What must come back.
     *
     * @param answers the answer sections that are allowed
     * @param scoped whether the answer may depend on the client
     */
    public record Expected(
            int rcode, boolean authoritative, List<List<Record>> answers, List<Record> authority,
            List<Record> additional, boolean scoped) {}

    private static Expected bare(int rcode) {
        return new Expected(rcode, false, List.of(List.of()), List.of(), List.of(), false);
    }

    /** For an ordinary question of class IN. */
    public Expected answer(Name asked, int type, InetAddress client) {
        Name name = lower(asked);
        ZoneContent zone = zone(name);
        if (zone == null) {
            return bare(Rcode.REFUSED);
        }
        ZoneContent above = name.labels() > 1 ? zone(new Name(name, 1)) : null;
        if (type == Type.DS && name.equals(zone.apex()) && above != null) {
            // RFC 4035 section 3.1.4.1: the zone above answers.
            return follow(above, name, type, client, new ArrayList<>());
        }
        NameContent cut = cut(zone, name);
        if (cut != null && !(type == Type.DS && cut.name().equals(name))) {
            List<Record> ns = cut.records().getOrDefault(Type.NS, List.of());
            return new Expected(Rcode.NOERROR, false, List.of(List.of()), ns, glue(zone, ns), false);
        }
        return follow(zone, name, type, client, new ArrayList<>());
    }

    private Expected follow(ZoneContent zone, Name name, int type, InetAddress client, List<Record> chain) {
        NameContent content = find(zone, name);
        if (content == null) {
            return negative(Rcode.NXDOMAIN, zone, chain);
        }
        if (type == Type.ANY && chain.isEmpty() && !(content.records().isEmpty() && content.decision() == null)) {
            Record hinfo = new HINFORecord(name, DClass.IN, 3600, "RFC8482", "");
            return new Expected(Rcode.NOERROR, true, List.of(List.of(hinfo)), List.of(), List.of(), false);
        }
        List<Record> cname = content.records().get(Type.CNAME);
        if (cname != null) {
            Record link = under(cname.getFirst(), name);
            List<Record> longer = new ArrayList<>(chain);
            longer.add(link);
            Name target = ((CNAMERecord) link).getTarget();
            ZoneContent next = zone(target);
            boolean ends = type == Type.CNAME || type == Type.ANY || next == null || cut(next, target) != null
                    || longer.size() > 8;
            return ends
                    ? new Expected(Rcode.NOERROR, true, List.of(longer), List.of(), List.of(), false)
                    : follow(next, target, type, client, longer);
        }
        Decision decision = content.decision();
        if (decision != null && (type == Type.A || type == Type.AAAA)) {
            return balanced(zone, name, decision, type, client, chain);
        }
        List<Record> set = content.records().get(type);
        if (set == null) {
            return negative(Rcode.NOERROR, zone, chain);
        }
        List<Record> own = set.stream().map(record -> under(record, name)).toList();
        if (decision != null && (type == Type.HTTPS || type == Type.SVCB)) {
            own = own.stream().map(record -> hinted(record, decision)).toList();
        }
        boolean apexNs = type == Type.NS && name.equals(zone.apex());
        return new Expected(Rcode.NOERROR, true, rotations(chain, own, own.size()), List.of(),
                apexNs ? glue(zone, set) : List.of(), false);
    }

    /** RFC 9460 section 7.3, for records that point to their own name. */
    private static Record hinted(Record record, Decision decision) {
        if (!(decision.ipv4().selection() instanceof Selection.Weighted weighted)
                || !record.rdataToString().contains(" . ")) {
            return record;
        }
        String hints = weighted.members().stream().flatMap(member -> member.addresses().stream()).limit(4)
                .map(InetAddress::getHostAddress).collect(Collectors.joining(","));
        try {
            return Record.fromString(record.getName(), record.getType(), DClass.IN, record.getTTL(),
                    record.rdataToString() + " ipv4hint=" + hints, Name.root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Expected balanced(
            ZoneContent zone, Name name, Decision decision, int type, InetAddress client, List<Record> chain) {
        Selection selection = (type == Type.A ? decision.ipv4() : decision.ipv6()).selection();
        boolean scoped = selection instanceof Selection.ByRegion;
        if (selection instanceof Selection.ByRegion regions) {
            selection = regions.regions().get(region(maps.get(regions.map()), client));
        }
        List<Candidate> members;
        int answers;
        if (selection instanceof Selection.Even even) {
            members = even.members();
            answers = even.answers();
            scoped |= even.sticky();
        } else if (selection instanceof Selection.Weighted weighted) {
            members = weighted.members();
            answers = weighted.answers();
            scoped |= weighted.sticky();
        } else {
            return bare(((Selection.Nothing) selection).rcode().code());
        }
        long ttl = decision.ttl().toSeconds();
        List<Record> all = new ArrayList<>();
        members.forEach(member -> member.addresses().forEach(address -> {
            boolean four = address instanceof Inet4Address;
            if (four == (type == Type.A)) {
                all.add(four ? new ARecord(name, DClass.IN, ttl, address)
                        : new AAAARecord(name, DClass.IN, ttl, address));
            }
        }));
        if (all.isEmpty()) {
            Expected nothing = negative(Rcode.NOERROR, zone, chain);
            return new Expected(nothing.rcode, true, nothing.answers, nothing.authority, List.of(), scoped);
        }
        return new Expected(Rcode.NOERROR, true, rotations(chain, all, answers), List.of(), List.of(), scoped);
    }

    private static Expected negative(int rcode, ZoneContent zone, List<Record> chain) {
        SOARecord soa = zone.soa();
        Record negative = new SOARecord(soa.getName(), DClass.IN, Math.min(soa.getTTL(), soa.getMinimum()),
                soa.getHost(), soa.getAdmin(), soa.getSerial(), soa.getRefresh(), soa.getRetry(), soa.getExpire(),
                soa.getMinimum());
        return new Expected(rcode, true, List.of(chain), List.of(negative), List.of(), false);
    }

    private static List<List<Record>> rotations(List<Record> chain, List<Record> set, int size) {
        List<List<Record>> all = new ArrayList<>();
        for (int start = 0; start < set.size(); start++) {
            List<Record> one = new ArrayList<>(chain);
            for (int i = 0; i < Math.min(size, set.size()); i++) {
                one.add(set.get((start + i) % set.size()));
            }
            all.add(one);
        }
        return all;
    }

    private @Nullable ZoneContent zone(Name name) {
        for (int up = 0; up < name.labels(); up++) {
            ZoneContent zone = zones.get(new Name(name, up));
            if (zone != null) {
                return zone;
            }
        }
        return null;
    }

    /** The topmost delegation at or above a name. */
    private static @Nullable NameContent cut(ZoneContent zone, Name name) {
        for (int up = name.labels() - zone.apex().labels() - 1; up >= 0; up--) {
            NameContent content = zone.get(new Name(name, up));
            if (content != null && content.records().containsKey(Type.NS)) {
                return content;
            }
        }
        return null;
    }

    /** RFC 4592 section 3.3.1: the closest encloser's asterisk, when there is nothing else. */
    private static @Nullable NameContent find(ZoneContent zone, Name name) {
        NameContent exact = zone.get(name);
        if (exact != null) {
            return exact;
        }
        for (int up = 1; name.labels() - up >= zone.apex().labels(); up++) {
            Name ancestor = new Name(name, up);
            if (zone.get(ancestor) != null) {
                return zone.get(Name.fromConstantString("*." + ancestor));
            }
        }
        return null;
    }

    private static List<Record> glue(ZoneContent zone, List<Record> nameservers) {
        List<Record> glue = new ArrayList<>();
        for (Record ns : nameservers) {
            NameContent content = zone.get(((NSRecord) ns).getTarget());
            if (content != null) {
                glue.addAll(content.records().getOrDefault(Type.A, List.of()));
                glue.addAll(content.records().getOrDefault(Type.AAAA, List.of()));
            }
        }
        return glue;
    }

    private static Record under(Record record, Name owner) {
        return Record.newRecord(owner, record.getType(), record.getDClass(), record.getTTL(),
                record.rdataToWireCanonical());
    }

    /** By trying every network. */
    public static String region(GeoMap map, InetAddress client) {
        String best = map.otherwise();
        int longest = -1;
        for (Map.Entry<Cidr, String> network : map.networks().entrySet()) {
            InetAddress base = InetAddress.ofLiteral(network.getKey().address());
            int width = base.getAddress().length * 8;
            int shift = width - network.getKey().prefix();
            boolean holds = base.getClass() == client.getClass()
                    && new BigInteger(1, base.getAddress()).shiftRight(shift)
                            .equals(new BigInteger(1, client.getAddress()).shiftRight(shift));
            if (holds && network.getKey().prefix() > longest) {
                longest = network.getKey().prefix();
                best = network.getValue();
            }
        }
        return best;
    }

    private static Name lower(Name name) {
        return Name.fromConstantString(name.toString().toLowerCase(Locale.ROOT));
    }
}
