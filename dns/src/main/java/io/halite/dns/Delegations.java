package io.halite.dns;

import io.halite.config.document.Addresses;
import io.halite.dns.Delegation.KeyChange;
import io.halite.dns.Delegation.Verdict;
import io.halite.dns.render.RecordText;
import io.halite.dns.render.ZoneContent;
import io.halite.dns.slow.ParentCheck;
import io.halite.dns.slow.SystemResolver;
import io.halite.dns.slow.ParentCheck.Wanted;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;
import org.xbill.DNS.Record;

/** Tells what the zone above must hold, and whether it does. */
record Delegations(Wanted wanted) {

    static Delegations of(ZoneContent zone) {
        List<Record> nameservers = zone.nameservers();
        return new Delegations(
                new Wanted(zone.apex(), nameservers, zone.glue(nameservers), zone.ds().map(List::of).orElse(List.of()),
                        zone.otherDs()));
    }

    Delegation told() {
        return new Delegation(wanted.apex().toString(true), texts(wanted.nameservers()), texts(wanted.glue()),
                texts(wanted.ds()));
    }

    private static List<String> texts(List<? extends Record> records) {
        return records.stream().map(RecordText::of).toList();
    }

    List<Verdict> check(List<InetSocketAddress> given) throws IOException {
        ParentCheck check = new ParentCheck(wanted);
        return verdicts(check, given, check::problems);
    }

    /** Whether the zone above names the signing key alone, so that others may leave. */
    KeyChange keyChange(List<InetSocketAddress> given) throws IOException {
        ParentCheck check = new ParentCheck(wanted);
        return new KeyChange(verdicts(check, given, check::reasonsToStay), check.remembered());
    }

    /** Whether the zone above still names the key that signed before, so that it may sign again. */
    List<Verdict> keyReturn(List<InetSocketAddress> given) throws IOException {
        ParentCheck check = new ParentCheck(wanted);
        return verdicts(check, given, check::reasonsToGoOn);
    }

    private static List<Verdict> verdicts(ParentCheck check, List<InetSocketAddress> given,
            Function<InetSocketAddress, List<String>> problems) throws IOException {
        List<InetSocketAddress> servers = given.isEmpty() ? check.servers(SystemResolver.now()) : given;
        return servers.stream().map(server -> new Verdict(
                Addresses.text(server), problems.apply(server)))
                .toList();
    }
}
