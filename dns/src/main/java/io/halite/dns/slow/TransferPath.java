package io.halite.dns.slow;

import io.halite.config.Ticker;
import io.halite.config.document.Addresses;
import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.Refusal;
import io.halite.dns.serve.RefusalLimit;
import io.halite.dns.serve.Serving;
import io.halite.dns.serve.SharedPath;
import io.halite.dns.serve.SlowPath;
import io.halite.dns.wire.Client;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Serial;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/**
 * The slow path: checks and makes TSIG signatures (RFC 8945), and sends whole zones (AXFR, RFC 5936; IXFR is answered
 * with the whole zone or, when nothing changed, its SOA, RFC 1995 section 4). A transfer is cut from one table, so it is
 * consistent; balanced names travel as the addresses they answer now.
 */
public final class TransferPath implements SlowPath {
    private static final System.Logger LOGGER = System.getLogger(TransferPath.class.getName());
    /** Secondaries take messages of any size, but buffers of 16 KiB are what they expect. */
    private static final int MESSAGE_SIZE = 16_000;
    private static final int PLAIN_UDP = 512;
    /** RFC 8945 section 5.2.1. */
    private static final int BADKEY = 17;
    private static final int BADTIME = 18;
    private static final int NOTAUTH = 9;

    private final Supplier<Collection<TransferZone>> zones;
    private final SharedPath path;
    private final RefusalLimit limit;
    private final RefusalLog refusals;
    private final AtomicLong faults = new AtomicLong();

    /**
     * A slow path over the zones of the moment.
     *
     * @param limit of what is sent over UDP to those who did not prove who they are
     */
    public TransferPath(
            Supplier<Collection<TransferZone>> zones, Supplier<Serving> serving, FastPath path, RefusalLimit limit,
            Ticker ticker) {
        refusals = new RefusalLog(ticker);
        this.zones = zones;
        this.path = new SharedPath(path, serving);
        this.limit = limit;
    }

    /** What a request was signed with. */
    private record Signature(TSIG key, Name keyName, TSIGRecord record) {}

    @Override
    public void answer(byte[] query, InetAddress client, boolean stream, Sink sink) throws IOException {
        try {
            answerRequest(query, client, stream, sink);
        } catch (RuntimeException e) {
            // A fault of ours that one query shows must not end the worker, nor fill the log.
            if (Long.bitCount(faults.incrementAndGet()) == 1) {
                LOGGER.log(Level.ERROR, "dns query not answered by the slow path", e);
            }
        }
    }

    private void answerRequest(byte[] query, InetAddress client, boolean stream, Sink sink) throws IOException {
        Sink strangers = response -> {
            if (stream || limit.allows(client)) {
                sink.send(response);
            }
        };
        Message request;
        try {
            request = new Message(query);
        } catch (IOException | IllegalArgumentException malformed) {
            strangers.send(Refusal.of(query, io.halite.dns.wire.Rcode.FORMERR));
            return;
        }
        Record question = request.getQuestion();
        TSIGRecord tsig = request.getTSIG();
        Signature signature = null;
        if (tsig != null) {
            signature = signature(tsig, question);
            int error = signature == null ? BADKEY : signature.key().verify(request, query, null);
            if (error != Rcode.NOERROR) {
                tellOfSignature(tsig, question, client, error);
                refuseSignature(request, tsig, signature, error, strangers);
                return;
            }
        }
        boolean isTransfer =
                question != null && (question.getType() == Type.AXFR || question.getType() == Type.IXFR);
        if (isTransfer) {
            transfer(request, question, client, stream, signature, signature == null ? strangers : sink);
        } else {
            answerSigned(request, client, stream, signature, sink);
        }
    }

    /**
     * The key of that name: the one of the zone that is asked about, since the owners of two zones may each have a key of
     * their own that they call alike.
     */
    private @Nullable Signature signature(TSIGRecord tsig, @Nullable Record question) {
        Name asked = question == null ? Name.root : question.getName();
        TransferZone zone = zones.get().stream().filter(one -> tsig.getName().equals(one.keyName()))
                .max(Comparator.comparingInt((TransferZone one) ->
                        asked.subdomain(one.apex()) ? one.apex().labels() : 0)).orElse(null);
        TSIG key = zone == null ? null : zone.key();
        return key == null ? null : new Signature(key, tsig.getName(), tsig);
    }

    private void tellOfSignature(TSIGRecord tsig, @Nullable Record question, InetAddress client, int error) {
        TransferZone zone = question == null ? null : zone(question.getName());
        if (zone != null) {
            String reason = switch (error) {
                case BADKEY -> "it is signed with a key by the name of " + tsig.getName() + ", which the zone has not";
                case BADTIME -> "the clock that it is signed by differs from ours";
                default -> "it is not signed with the secret of " + tsig.getName();
            };
            refusals.tell(zone.apex(), client, reason);
        }
    }

    /** RFC 8945 section 5.2: an unknown key or a wrong signature is answered without one, a wrong time with one. */
    private static void refuseSignature(
            Message request, TSIGRecord tsig, @Nullable Signature signature, int error, Sink sink) throws IOException {
        Message response = respond(request, NOTAUTH);
        if (signature != null && error == BADTIME) {
            response.setTSIG(signature.key(), error, tsig);
            sink.send(response.toWire(Message.MAXLENGTH));
            return;
        }
        response.addRecord(new TSIGRecord(tsig.getName(), tsig.getDClass(), 0, tsig.getAlgorithm(),
                tsig.getTimeSigned(), tsig.getFudge(), new byte[0], request.getHeader().getID(), error, new byte[0]),
                Section.ADDITIONAL);
        sink.send(response.toWire());
    }

    private static Message respond(Message request, int rcode) {
        Message response = new Message(request.getHeader().getID());
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setRcode(rcode);
        if (request.getQuestion() != null) {
            response.addRecord(request.getQuestion(), Section.QUESTION);
        }
        OPTRecord theirs = request.getOPT();
        if (theirs != null) {
            response.addRecord(new OPTRecord(FastPath.MAX_UDP, 0, 0, theirs.getFlags() & Flags.DO), Section.ADDITIONAL);
        }
        return response;
    }

    private void transfer(
            Message request, Record question, InetAddress client, boolean stream, @Nullable Signature signature,
            Sink sink) throws IOException {
        TransferZone zone = zone(question.getName());
        String objection = zone == null ? "" : objection(zone, client, signature);
        if (zone == null || !objection.isEmpty()) {
            if (zone != null) {
                refusals.tell(zone.apex(), client, objection);
            }
            Message response = respond(request, zone == null ? NOTAUTH : Rcode.REFUSED);
            if (signature != null) {
                response.setTSIG(signature.key(), Rcode.NOERROR, signature.record());
            }
            sink.send(response.toWire(Message.MAXLENGTH));
            return;
        }
        List<Record> records = new ArrayList<>(List.of(zone.soa()));
        if (stream && !isCurrent(request, question, zone)) {
            records.addAll(zone.records());
            records.add(zone.soa());
        }
        send(request, records, signature, sink);
        LOGGER.log(Level.DEBUG, "dns zone sent zone={0} client={1} records={2}", zone.apex(),
                Addresses.text(client), records.size());
    }

    private @Nullable TransferZone zone(Name name) {
        return zones.get().stream().filter(zone -> zone.apex().equals(name)).findFirst().orElse(null);
    }

    /**
     * Why somebody may not copy a zone; empty for who may: by address, by key, or by both, and whoever has the key may come
     * from anywhere where no address is named.
     */
    private static String objection(TransferZone zone, InetAddress address, @Nullable Signature signature) {
        if (zone.keyName() != null && (signature == null || !zone.keyName().equals(signature.keyName()))) {
            return "it is not signed with the key " + zone.keyName();
        }
        Client client = new Client();
        client.set(address);
        boolean isAnywhere = zone.keyName() != null && zone.allow().isEmpty();
        return isAnywhere || zone.allow().contains(client) ? "" : "transfer.allow of the zone does not hold its address";
    }

    private static boolean isCurrent(Message request, Record question, TransferZone zone) {
        List<Record> authority = request.getSection(Section.AUTHORITY);
        return question.getType() == Type.IXFR && !authority.isEmpty()
                && authority.getFirst() instanceof SOARecord theirs
                && Serial.compare(theirs.getSerial(), zone.soa().getSerial()) >= 0;
    }

    private static void send(Message request, List<Record> records, @Nullable Signature signature, Sink sink)
            throws IOException {
        TSIG.StreamGenerator signer =
                signature == null ? null : new TSIG.StreamGenerator(signature.key(), signature.record());
        Message message = transferMessage(request);
        int size = 0;
        for (Record record : records) {
            int length = record.toWire(Section.ANSWER).length;
            if (size + length > MESSAGE_SIZE) {
                finish(message, signer, sink);
                message = transferMessage(request);
                // RFC 5936 section 2.2.5: only the first needs it.
                message.removeAllRecords(Section.ADDITIONAL);
                size = 0;
            }
            message.addRecord(record, Section.ANSWER);
            size += length;
        }
        finish(message, signer, sink);
    }

    private static Message transferMessage(Message request) {
        Message message = respond(request, Rcode.NOERROR);
        message.getHeader().setFlag(Flags.AA);
        return message;
    }

    private static void finish(Message message, TSIG.@Nullable StreamGenerator signer, Sink sink) throws IOException {
        if (signer != null) {
            signer.generate(message);
        }
        // Not with a limit, which would put the OPT behind the signature.
        byte[] wire = message.toWire();
        if (wire.length > Message.MAXLENGTH) {
            throw new IOException("a record of the zone is too long to be sent");
        }
        sink.send(wire);
    }

    /** An ordinary query with a good signature: the fast path answers it unsigned, and the answer is signed. */
    private void answerSigned(
            Message request, InetAddress client, boolean stream, @Nullable Signature signature, Sink sink)
            throws IOException {
        if (signature == null) {
            sink.send(respond(request, Rcode.REFUSED).toWire());
            return;
        }
        Message plain = request.clone();
        plain.removeRecord(signature.record(), Section.ADDITIONAL);
        byte[] answer = path.answer(plain.toWire(), client, stream);
        if (answer.length == 0) {
            return;
        }
        Message response = new Message(answer);
        response.setTSIG(signature.key(), Rcode.NOERROR, signature.record());
        sink.send(response.toWire(stream ? Message.MAXLENGTH : largest(request)));
    }

    private static int largest(Message request) {
        OPTRecord opt = request.getOPT();
        return opt == null ? PLAIN_UDP : Math.clamp(opt.getPayloadSize(), PLAIN_UDP, FastPath.MAX_UDP);
    }

    /** Lets go of the table it answered from last. */
    public void begin() {
        path.begin();
    }
}
