package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.config.Zone.NameSettings;
import io.halite.config.Zone.Policy;
import io.halite.config.store.ConfigState;
import io.halite.dns.testing.Bench;
import io.halite.dns.testing.Configs;
import io.halite.dns.testing.Configs.Name;
import io.halite.dns.testing.FakeNodes;
import io.halite.dns.testing.Responders;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** In a large zone the searches for different names cross each other's ways; each still ends at its own name and type. */
class ManyNamesTest {
    private static final int NAMES = 5_000;

    private final Bench bench = Bench.of(state(), FakeNodes.at("192.0.2.1", "192.0.2.2"));

    @Test
    void eachNameHasItsOwnAddresses() throws IOException {
        for (int i = 0; i < NAMES; i++) {
            Message answer = ask("N" + i, Type.A);
            List<String> addresses = answer.getSection(Section.ANSWER).stream()
                    .map(record -> ((ARecord) record).getAddress().getHostAddress()).sorted().toList();
            assertEquals(List.of(ipv4(i), "192.0.2.200"), addresses, "n" + i);
        }
    }

    @Test
    void eachNameHasAnAnswerOfItsOwnForTheOtherFamily() throws IOException {
        for (int i = 0; i < NAMES; i++) {
            List<Record> answer = ask("n" + i, Type.AAAA).getSection(Section.ANSWER);
            if (i % 2 == 0) {
                assertEquals(ipv6(i), ((AAAARecord) answer.getFirst()).getAddress(), "n" + i);
            } else {
                assertTrue(answer.isEmpty(), "n" + i);
            }
        }
    }

    @Test
    void namesBesideThemDoNotExist() throws IOException {
        for (int i = NAMES; i < 2 * NAMES; i++) {
            assertEquals(Rcode.NXDOMAIN, ask("n" + i, Type.A).getRcode(), "n" + i);
        }
    }

    private Message ask(String name, int type) throws IOException {
        byte[] query = Responders.query(name + ".many.test.", type).toWire();
        return new Message(bench.answer(query, InetAddress.getLoopbackAddress(), false));
    }

    private static String ipv4(int i) {
        return "10.1." + i / 250 + "." + i % 250;
    }

    private static InetAddress ipv6(int i) {
        return InetAddress.ofLiteral("2001:db8::" + Integer.toHexString(i + 1));
    }

    private static ConfigState state() {
        SortedMap<String, NameSettings> names = new TreeMap<>();
        for (int i = 0; i < NAMES; i++) {
            String[] addresses = i % 2 == 0
                    ? new String[] {ipv4(i), "192.0.2.200", ipv6(i).getHostAddress()}
                    : new String[] {ipv4(i), "192.0.2.200"};
            names.put("n" + i, Name.of(Policy.ROUND_ROBIN).over(Configs.addresses(addresses)).settings());
        }
        return Configs.empty().zone("many.test", Configs.zone(Policy.ROUND_ROBIN, names)).state();
    }
}
