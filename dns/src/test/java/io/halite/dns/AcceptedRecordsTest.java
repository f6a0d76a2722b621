package io.halite.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.halite.config.Revision;
import io.halite.config.document.ConfigDocument;
import io.halite.config.document.DocumentRules;
import io.halite.config.document.ConfigDocument.Outcome;
import io.halite.config.store.ConfigState;
import io.halite.dns.DnsSettings.Engine;
import io.halite.dns.testing.FakeHealth;
import io.halite.dns.testing.Responders;
import io.halite.dns.testing.SampleZones;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What a document may say of a record is what the responder can answer. */
class AcceptedRecordsTest {
    private static final String DIGEST = "0123456789abcdef0123456789ABCDEF 0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(strings = {"A 192.0.2.1", "AAAA 2001:db8::1", "CAA 0 issue \"ca.example; policy=ev\"", "CNAME shop",
            "CNAME shop.example.net.", "CNAME @",
            "DS 12345 13 2 " + DIGEST, "HTTPS 1 . alpn=h2,http/1.1",
            "HTTPS 0 other.example.", "HTTPS 1 . alpn=\"h2\" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1",
            "HTTPS 1 . mandatory=alpn alpn=h2 no-default-alpn key667=hello", "SVCB 1 shop alpn=h2 port=8443",
            "MX 10 mail.example.net.", "MX 0 .", "MX 10  mail",
            "NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@example.net!\" .", "NS ns.example.", "PTR host.example.",
            "SRV 0 5 443 shop", "SRV 65535 0 0 .", "SSHFP 4 2 " + DIGEST, "TLSA 3 1 1 0123 4567 89ab cdef",
            "TXT \"v=spf1 -all\"", "TXT \"v=DMARC1; p=none\" more words", "TXT plain",
            "TXT \"say \\\"hi\\\"\"", "TXT \"\""})
    void aRecordThatADocumentMayHaveIsAnswered(String record) throws Exception {
        String type = record.substring(0, record.indexOf(' '));
        String document = """
                apiVersion: halite/v1
                zones:
                  lb.example.net:
                    nameservers: [lb-1, lb-2]
                    names: { n.n: { records: [ { type: %s, data: '%s' } ] } }
                """.formatted(type, record.substring(type.length() + 1));
        Outcome.Valid valid = assertInstanceOf(Outcome.Valid.class,
                ConfigDocument.read(document.getBytes(StandardCharsets.UTF_8), DocumentRules.NONE));
        ConfigState state = new ConfigState(new Revision(1), valid.config(), 0, Collections.emptySortedMap());
        try (DnsResponder responder = Responders.start(Responders.settings(Engine.AUTO, 1), state, SampleZones.nodes(),
                new FakeHealth())) {
            assertEquals(List.of(), responder.quarantined());
            int section = type.equals("NS") ? Section.AUTHORITY : Section.ANSWER;
            assertEquals(Type.value(type), Responders.ask(responder, "n.n.lb.example.net.", type).getSection(section)
                    .getFirst().getType());
        }
    }
}
