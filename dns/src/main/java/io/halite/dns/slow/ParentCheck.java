package io.halite.dns.slow;

import io.halite.dns.render.RecordText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks the servers of the zone above whether they delegate a zone as it wants to be. For one thread. */
public final class ParentCheck {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int MOST_SERVERS = 8;
    private static final int UDP_SIZE = 1232;

    private final Wanted wanted;
    private long longest;

    /**
     * What should stand in the zone above.
     *
     * @param glue addresses of nameservers within the zone
     * @param ds of the signing key; empty for an unsigned zone
     * @param otherDs of keys that are published beside it
     */
    public record Wanted(
            Name apex, List<Record> nameservers, List<Record> glue, List<DSRecord> ds, List<DSRecord> otherDs) {
        public Wanted {
            nameservers = List.copyOf(nameservers);
            glue = List.copyOf(glue);
            ds = List.copyOf(ds);
            otherDs = List.copyOf(otherDs);
        }
    }

    public ParentCheck(Wanted wanted) {
        this.wanted = wanted;
    }

    /**
     * The servers of the zone above, found through a resolver.
     *
     * @throws IOException when they cannot be found; the message is one sentence
     */
    public List<InetSocketAddress> servers(Resolver resolver) throws IOException {
        for (int up = 1; up < wanted.apex().labels(); up++) {
            Name above = new Name(wanted.apex(), up);
            List<Record> nameservers = records(send(resolver, above, Type.NS, true), Type.NS, Section.ANSWER);
            if (!nameservers.isEmpty()) {
                return addresses(resolver, nameservers);
            }
        }
        throw new IOException("no zone above " + wanted.apex() + " was found");
    }

    private static List<InetSocketAddress> addresses(Resolver resolver, List<Record> nameservers) throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (Record nameserver : nameservers) {
            for (int type : new int[] {Type.A, Type.AAAA}) {
                Message answer = send(resolver, ((NSRecord) nameserver).getTarget(), type, true);
                records(answer, type, Section.ANSWER).stream().map(ParentCheck::address)
                        .forEach(address -> servers.add(new InetSocketAddress(address, SimpleResolver.DEFAULT_PORT)));
            }
        }
        return servers.stream().limit(MOST_SERVERS).toList();
    }

    private static InetAddress address(Record record) {
        return record instanceof ARecord four ? four.getAddress() : ((AAAARecord) record).getAddress();
    }

    /** What is wrong at one server, a sentence each. */
    public List<String> problems(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(LIMIT);
        List<String> problems = new ArrayList<>();
        try {
            Message referral = send(resolver, wanted.apex(), Type.NS, false);
            if (referral.getRcode() == Rcode.NXDOMAIN) {
                return List.of("it does not know the zone: add the NS records");
            }
            if (referral.getRcode() != Rcode.NOERROR) {
                return List.of("it answers " + Rcode.string(referral.getRcode()) + ": it does not serve the zone above");
            }
            if (referral.getHeader().getFlag(Flags.AA) && !servesAbove(resolver)) {
                return List.of("it serves the zone itself, but not the zone above: ask a server of that");
            }
            List<Record> nameservers = delegation(referral);
            if (nameservers.isEmpty()) {
                return List.of("it does not delegate the zone: add the NS records");
            }
            compare("NS", targets(wanted.nameservers()), targets(nameservers), problems);
            glue(referral, problems);
            signer(resolver, problems);
        } catch (IOException e) {
            problems.add("it does not answer: " + e.getMessage());
        }
        return problems;
    }

    /** Of the name above: an answer with authority may come from the zone itself. */
    private boolean servesAbove(Resolver resolver) throws IOException {
        Name apex = wanted.apex();
        Message above = send(resolver, apex.labels() > 1 ? new Name(apex, 1) : Name.root, Type.SOA, false);
        return above.getRcode() == Rcode.NOERROR && above.getHeader().getFlag(Flags.AA);
    }

    /** In the authority section of a referral; a server that serves both zones has them in the answer. */
    private List<Record> delegation(Message message) {
        return Stream.of(Section.AUTHORITY, Section.ANSWER)
                .flatMap(section -> records(message, Type.NS, section).stream())
                .filter(record -> record.getName().equals(wanted.apex())).toList();
    }

    private void glue(Message referral, List<String> problems) {
        Set<String> given = new LinkedHashSet<>();
        Set<Name> named = new LinkedHashSet<>();
        for (Record record : referral.getSection(Section.ADDITIONAL)) {
            if (record.getType() == Type.A || record.getType() == Type.AAAA) {
                given.add(text(record));
                named.add(record.getName());
            }
        }
        for (Record record : wanted.glue()) {
            if (!given.contains(text(record))) {
                problems.add("it lacks the glue " + text(record));
            }
        }
        List<String> right = wanted.glue().stream().map(ParentCheck::text).toList();
        given.stream().filter(one -> !right.contains(one)
                && named.stream().anyMatch(name -> name.subdomain(wanted.apex()) && one.startsWith(name.toString())))
                .forEach(one -> problems.add("its glue " + one + " is not an address of the zone's nameservers"));
    }

    private void signer(Resolver resolver, List<String> problems) throws IOException {
        List<Record> published = records(send(resolver, wanted.apex(), Type.DS, false), Type.DS, Section.ANSWER);
        List<Record> ours = published.stream().filter(record -> wanted.ds().stream().anyMatch(ds -> same(ds, record)))
                .toList();
        if (wanted.ds().isEmpty()) {
            if (!published.isEmpty()) {
                problems.add("it has a DS record, but the zone is not signed: resolvers that validate take every answer"
                        + " for forged; remove it");
            }
        } else if (published.isEmpty()) {
            problems.add("it has no DS record: the zone is signed, but nobody checks; add the DS record");
        } else if (ours.isEmpty() && published.stream().anyMatch(this::isOther)) {
            problems.add("its DS record names the key that leaves: replace it by that of the new one");
        } else if (ours.isEmpty()) {
            problems.add("its DS records name other keys: resolvers that validate take every answer for forged; replace"
                    + " them");
        }
    }

    private boolean isOther(Record record) {
        return wanted.otherDs().stream().anyMatch(ds -> same(ds, record));
    }

    /**
     * Why the keys that are published beside the signing one may not leave yet, a sentence each; none when this server
     * names the signing key alone. Takes note of how long its answers may be remembered.
     */
    public List<String> reasonsToStay(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(LIMIT);
        try {
            Message answer = send(resolver, wanted.apex(), Type.DS, false);
            List<Record> published = records(answer, Type.DS, Section.ANSWER);
            published.forEach(record -> longest = Math.max(longest, record.getTTL()));
            List<String> reasons = new ArrayList<>();
            if (answer.getRcode() != Rcode.NOERROR) {
                reasons.add("it answers " + Rcode.string(answer.getRcode()));
            } else if (published.stream().noneMatch(record -> wanted.ds().stream().anyMatch(ds -> same(ds, record)))) {
                reasons.add("it does not have the DS record of the new key");
            }
            if (published.stream().anyMatch(this::isOther)) {
                reasons.add("it still has the DS record of the old key");
            }
            return reasons;
        } catch (IOException e) {
            return List.of("it does not answer: " + e.getMessage());
        }
    }

    /** Why the key that signed before may not sign again, a sentence each; none when this server names it, or no key. */
    public List<String> reasonsToGoOn(InetSocketAddress server) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(LIMIT);
        try {
            Message answer = send(resolver, wanted.apex(), Type.DS, false);
            List<Record> published = records(answer, Type.DS, Section.ANSWER);
            if (answer.getRcode() != Rcode.NOERROR) {
                return List.of("it answers " + Rcode.string(answer.getRcode()));
            }
            if (!servesAbove(resolver)) {
                return List.of("it does not serve the zone above");
            }
            return published.isEmpty() || published.stream().anyMatch(this::isOther)
                    ? List.of() : List.of("it does not have the DS record of the old key");
        } catch (IOException e) {
            return List.of("it does not answer: " + e.getMessage());
        }
    }

    /** For how long at most what servers said so far may be remembered. */
    public Duration remembered() {
        return Duration.ofSeconds(longest);
    }

    /** A parent may use another digest of the same key. */
    private static boolean same(DSRecord ours, Record record) {
        DSRecord theirs = (DSRecord) record;
        return theirs.getFootprint() == ours.getFootprint() && theirs.getAlgorithm() == ours.getAlgorithm()
                && (theirs.getDigestID() != ours.getDigestID() || theirs.equals(ours));
    }

    private static void compare(String what, Collection<String> wanted, Collection<String> found, List<String> problems) {
        wanted.stream().filter(one -> !found.contains(one))
                .forEach(one -> problems.add("it lacks the " + what + " record " + one));
        found.stream().filter(one -> !wanted.contains(one))
                .forEach(one -> problems.add("its " + what + " record " + one + " is not one of the zone"));
    }

    private static Set<String> targets(List<Record> nameservers) {
        Set<String> targets = new LinkedHashSet<>();
        nameservers.forEach(record -> targets.add(((NSRecord) record).getTarget().canonicalize().toString()));
        return targets;
    }

    private static String text(Record record) {
        return record.getName().canonicalize() + " " + Type.string(record.getType()) + " " + RecordText.data(record);
    }

    private static List<Record> records(Message message, int type, int section) {
        return message.getSection(section).stream().filter(record -> record.getType() == type).toList();
    }

    private static Message send(Resolver resolver, Name name, int type, boolean recursive) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        if (!recursive) {
            query.getHeader().unsetFlag(Flags.RD);
        }
        query.addRecord(new OPTRecord(UDP_SIZE, 0, 0), Section.ADDITIONAL);
        return resolver.send(query);
    }
}
