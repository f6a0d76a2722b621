package io.halite.dns.sign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.testing.Bench;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.testing.SampleZones;
import io.halite.dns.testing.Validator;
import io.halite.dns.testing.Validator.Checked;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Whatever a signed zone answers, a validator of another make finds it good: every policy, and all that is not there. */
class SignedAnswersTest {
    private static final Name APEX = Name.fromConstantString("lb.example.net.");
    private static final List<Integer> TYPES = List.of(Type.A, Type.AAAA, Type.TXT, Type.HTTPS, Type.SVCB, Type.MX,
            Type.SRV, Type.CAA, Type.NS, Type.SOA, Type.CNAME, Type.DS, Type.DNSKEY, Type.CDS, Type.CDNSKEY, Type.NSEC,
            Type.LOC);
    private static final List<String> CLIENTS = List.of("198.51.100.7", "203.0.113.9", "10.1.2.3");

    /** What may be another for each client. */
    private static final Set<Integer> BALANCED = Set.of(Type.A, Type.AAAA, Type.HTTPS, Type.SVCB);

    /** dnsjava's validator does not take proofs of no data behind a CNAME and a wildcard; BIND's does. */
    private static final List<Name> WILDCARD_CHAINS = List.of(
            Name.fromConstantString("wildcname.lb.example.net."), Name.fromConstantString("q.alias.lb.example.net."));

    private final FixedKeys keys = new FixedKeys(Instant.now());

    private Validator validator(Bench bench) throws Exception {
        return new Validator(bench, keys.key("lb.example.net").ds(APEX, 3600), Clock.systemUTC());
    }

    /** Answered by a referral, or by a chain whose end the validator would have to look up at another server. */
    private static boolean isElsewhere(Name name) {
        return name.subdomain(Name.fromConstantString("child.lb.example.net."))
                || name.equals(Name.fromConstantString("out.lb.example.net."))
                || WILDCARD_CHAINS.contains(name);
    }

    private int checkAll(Bench bench, boolean innerSigned) throws Exception {
        Validator validator = validator(bench);
        int checked = 0;
        for (String text : SampleZones.interestingNames()) {
            Name name = Name.fromString(text);
            if (!name.subdomain(APEX) || isElsewhere(name)) {
                continue;
            }
            for (int type : TYPES) {
                boolean isAbove = type == Type.DS && name.equals(APEX);
                boolean isOfWildcard = type == Type.NSEC && text.matches("(q|\\*)\\..*");
                if (isAbove || isOfWildcard) {
                    // The zone above holds the one, and nobody expands the other.
                    continue;
                }
                for (String client : CLIENTS.subList(0, BALANCED.contains(type) ? CLIENTS.size() : 1)) {
                    validator.from(InetAddress.ofLiteral(client));
                    Checked answer = validator.ask(name, type);
                    String what = name + " " + Type.string(type) + " for " + client + "\n" + answer.message();
                    assertFalse(answer.isBogus(), what);
                    boolean isBelow = text.contains("inner.") && !(text.startsWith("inner.") && type == Type.DS);
                    if (innerSigned || !isBelow) {
                        assertTrue(answer.isSecure(), what);
                    }
                    checked++;
                }
            }
        }
        assertEquals(0, bench.failures());
        return checked;
    }

    @Test
    void everyAnswerOfASignedZoneValidates() throws Exception {
        assertTrue(checkAll(Bench.signed(SampleZones.state(true, true), SampleZones.nodes(), keys), true) > 600);
    }

    @Test
    void anUnsignedZoneBelowASignedOneIsProvedToBeSo() throws Exception {
        assertTrue(checkAll(Bench.signed(SampleZones.state(true, false), SampleZones.nodes(), keys), false) > 600);
    }

    @Test
    void namesThatDoNotExistAreDeniedWhereverTheyWouldStand() throws Exception {
        Validator validator = validator(Bench.signed(SampleZones.state(true, true), SampleZones.nodes(), keys));
        for (String text : List.of("0", "zzz", "a.b.nothing", "x.shop", "x.y.pair", "b.c.c", "0.a.b.c", "z.a.b.c",
                "!.c", "x.mail", "y.inner", "-.inner", "Zzz.STATIC", "_x._tcp", "\\000.shop", "\\001\\255.pair")) {
            Checked answer = validator.ask(Name.fromString(text, APEX), Type.A);
            assertTrue(answer.isSecure() && answer.message().getRcode() == Rcode.NXDOMAIN, text + "\n" + answer.message());
        }
    }
}
