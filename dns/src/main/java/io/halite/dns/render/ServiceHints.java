package io.halite.dns.render;

import io.halite.dns.policy.Candidate;
import io.halite.dns.policy.Decision;
import io.halite.dns.policy.Selection;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBRecord;
import org.xbill.DNS.Type;

/**
 * Address hints of HTTPS and SVCB records at balanced names (RFC 9460 section 7.3): those that stand there without
 * hints of their own get the addresses that A and AAAA are answered with, so that hints follow health.
 */
final class ServiceHints {
    private static final int MOST = 4;

    private ServiceHints() {}

    /** Whether records of a type may have hints. */
    static boolean belongTo(int type) {
        return type == Type.HTTPS || type == Type.SVCB;
    }

    /** The records, with hints where the decision gives some. */
    static List<Record> add(List<Record> records, Decision decision) {
        List<InetAddress> addresses = new ArrayList<>();
        for (int type : new int[] {Type.A, Type.AAAA}) {
            Set<Candidate> members = new LinkedHashSet<>();
            collect(decision.side(type).selection(), members);
            members.stream().flatMap(member -> member.addresses().stream())
                    .filter(address -> address instanceof Inet6Address == (type == Type.AAAA)).forEach(addresses::add);
        }
        return records.stream().map(record -> withHints((SVCBBase) record, addresses, decision.ttl().toSeconds()))
                .toList();
    }

    /** Hints of a geo name would lead clients astray: they do not depend on the client. */
    private static void collect(Selection selection, Set<Candidate> members) {
        switch (selection) {
            case Selection.Even even -> members.addAll(even.members());
            case Selection.Weighted weighted -> members.addAll(weighted.members());
            case Selection.ByRegion regions -> { }
            case Selection.Nothing nothing -> { }
        }
    }

    private static Record withHints(SVCBBase record, List<InetAddress> addresses, long ttl) {
        boolean isSelf = record.getTargetName().equals(Name.root) || record.getTargetName().equals(record.getName());
        boolean hasHints = record.getSvcParamKeys().contains(SVCBBase.IPV4HINT)
                || record.getSvcParamKeys().contains(SVCBBase.IPV6HINT);
        if (record.getSvcPriority() == 0 || !isSelf || hasHints) {
            return record;
        }
        List<Inet4Address> ipv4 = new ArrayList<>();
        List<Inet6Address> ipv6 = new ArrayList<>();
        addresses.forEach(address -> {
            switch (address) {
                case Inet4Address four when ipv4.size() < MOST -> ipv4.add(four);
                case Inet6Address six when ipv6.size() < MOST -> ipv6.add(six);
                default -> { }
            }
        });
        List<SVCBBase.ParameterBase> parameters = new ArrayList<>();
        record.getSvcParamKeys().forEach(key -> parameters.add(record.getSvcParamValue(key)));
        if (!ipv4.isEmpty()) {
            parameters.add(new SVCBBase.ParameterIpv4Hint(ipv4));
        }
        if (!ipv6.isEmpty()) {
            parameters.add(new SVCBBase.ParameterIpv6Hint(ipv6));
        }
        long seconds = Math.min(ttl, record.getTTL());
        return record.getType() == Type.HTTPS
                ? new HTTPSRecord(record.getName(), record.getDClass(), seconds, record.getSvcPriority(),
                        record.getTargetName(), parameters)
                : new SVCBRecord(record.getName(), record.getDClass(), seconds, record.getSvcPriority(),
                        record.getTargetName(), parameters);
    }
}
