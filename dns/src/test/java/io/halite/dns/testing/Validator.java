package io.halite.dns.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.dnssec.ValidatingResolver;

/** A validating resolver of another make (dnsjava's) that trusts one zone and asks a fast path. */
public final class Validator {
    private final Bench bench;
    private final ValidatingResolver resolver;
    private InetAddress client = InetAddress.ofLiteral("192.0.2.200");

    /**
     * A validator.
     *
     * @param anchor a DS record of the zone
     */
    public Validator(Bench bench, Record anchor, Clock clock) throws IOException {
        this.bench = bench;
        resolver = new ValidatingResolver(new Head(), clock);
        resolver.loadTrustAnchors(new ByteArrayInputStream((anchor + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** Asks for an address from now on. */
    public void from(InetAddress other) {
        client = other;
    }

    /** What is known of an answer. */
    public record Checked(Message message, boolean isSecure, boolean isBogus) {
        private static Checked of(Message message) {
            return new Checked(message, message.getHeader().getFlag(Flags.AD),
                    message.getRcode() == Rcode.SERVFAIL);
        }
    }

    /** Asks and validates. */
    public Checked ask(Name name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.addRecord(new OPTRecord(1232, 0, 0, Flags.DO), Section.ADDITIONAL);
        return Checked.of(resolver.send(query));
    }

    /** Hands every question to the bench, as a resolver with one server would. */
    private final class Head implements Resolver {
        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            try {
                Message sent = query.clone();
                sent.removeAllRecords(Section.ADDITIONAL);
                sent.addRecord(new OPTRecord(1232, 0, 0, Flags.DO), Section.ADDITIONAL);
                byte[] answer = bench.answer(sent.toWire(), client, true);
                return CompletableFuture.completedFuture(new Message(answer));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void setPort(int port) {}

        @Override
        public void setTCP(boolean flag) {}

        @Override
        public void setIgnoreTruncation(boolean flag) {}

        @Override
        public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(TSIG key) {}

        @Override
        public void setTimeout(Duration timeout) {}
    }
}
