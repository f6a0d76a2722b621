package io.halite.dns.serve;

import io.halite.dns.serve.QueryCounters.Event;
import io.halite.dns.table.Answer;
import io.halite.dns.table.DenialTable;
import io.halite.dns.table.Leaf;
import io.halite.dns.table.NameNode;
import io.halite.dns.table.Picker;
import io.halite.dns.table.Proof;
import io.halite.dns.table.ServedZone;
import io.halite.dns.table.Tail;
import io.halite.dns.table.ZoneTable;
import io.halite.dns.wire.Bytes;
import io.halite.dns.wire.Client;
import io.halite.dns.wire.NameKey;
import io.halite.dns.wire.Query;
import io.halite.dns.wire.Rcode;
import io.halite.dns.wire.RecordType;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Answers a query in its own buffer without allocating: header rewritten, question left as it came (so its spelling
 * survives), ready-made records behind it. Mutable: owned by one worker, which calls {@link #begin} for each batch.
 */
public final class FastPath {
    private static final System.Logger LOGGER = System.getLogger(FastPath.class.getName());
    /** The message is for the slow path; nothing was written. */
    public static final int SLOW = -1;
    /** The largest response over UDP: fits every path without fragments (DNS flag day 2020). */
    public static final int MAX_UDP = 1232;
    public static final int MAX_STREAM = 65_535;

    /** The most queries that {@link #foresee} knows of at a time. */
    public static final int MAX_BATCH = 32;

    private static final int PLAIN_UDP = 512;
    private static final int OPT_FIXED = 11;
    private static final int COOKIE_OPTION = 28;
    private static final int KEEPALIVE_OPTION = 6;
    /** The rate limiting kind of responses that no answer of the table stands for. */
    private static final int KIND_ERROR = -1;
    /** The counter index of queries outside every zone. */
    private static final int NO_ZONE = 0;

    private final FastPathSettings settings;
    private final Query query = new Query();
    private final Client client = new Client();
    private final Picker picker;
    private final Cookies cookies = new Cookies();
    private final RateLimit limit;
    private final QueryCounters counters = new QueryCounters();

    private ZoneTable table;
    private CookieSecrets secrets;
    private int nowMicros;
    private int nowSeconds;
    private boolean stream;
    private boolean genuine;
    private MemorySegment message;
    private long at;
    private final NameKey key = new NameKey();
    private final Foresight foresight = new Foresight(MAX_BATCH);
    // The tail of the response: bytes of an array, and the object they are of when they must be patched.
    private byte[] bytes = {};
    private int from;
    private int length;
    private long counts;
    private @Nullable Tail patched;
    // Proofs that follow the tail of the response.
    private Tail first = Tail.EMPTY;
    private Tail second = Tail.EMPTY;
    private final QuerySamples samples;
    private int logEvery;

    public FastPath(FastPathSettings settings, ZoneTable table, CookieSecrets secrets) {
        this.settings = settings;
        this.table = table;
        this.secrets = secrets;
        picker = new Picker(settings.seed());
        samples = new QuerySamples(settings.seed());
        limit = new RateLimit(settings.responsesPerSecond(), settings.slip(), settings.exempt(), settings.seed());
        message = MemorySegment.NULL;
        prepare();
    }

    /** Starts a batch: all its queries are answered from this table. */
    public void begin(ZoneTable current, CookieSecrets shared) {
        if (current != table) {
            table = current;
            prepare();
        }
        secrets = shared;
        nowMicros = (int) (settings.ticker().nanos() / 1000);
        nowSeconds = 0;
    }

    /** Makes room for what the table counts. */
    private void prepare() {
        picker.use(table);
        for (ServedZone zone : table.zones()) {
            counters.reserve(zone.counter() + 1);
        }
    }

    /** Notes a query of the batch that will be answered; worth it when there are several. */
    public void foresee(int place, MemorySegment buffer, long offset, int size) {
        foresight.note(place, table, buffer, offset, size);
    }

    /** Reads ahead for the queries that were noted. */
    public void readAhead(int count) {
        foresight.read(count, table);
    }

    /** Where the transport puts the client's address before each {@link #answer}. */
    public Client client() {
        return client;
    }

    /** Queries for the log. */
    public QuerySamples samples() {
        return samples;
    }

    public QueryCounters counters() {
        return counters;
    }

    /**
     * Answers the message at an offset, in place; the buffer holds {@link #MAX_UDP} bytes from there, or
     * {@link #MAX_STREAM} for a stream.
     *
     * @param size bytes of the query
     * @param overStream whether it came over TCP
     * @return bytes of the response, 0 for none, or {@link #SLOW}
     */
    public int answer(MemorySegment buffer, long offset, int size, boolean overStream) {
        foresight.note(0, table, buffer, offset, size);
        return answerNoted(0, buffer, offset, size, overStream);
    }

    /** Answers a query over UDP that was noted as {@link #foresee} does. */
    public int answerForeseen(int place, MemorySegment buffer, long offset, int size) {
        return answerNoted(place, buffer, offset, size, false);
    }

    private int answerNoted(int place, MemorySegment buffer, long offset, int size, boolean overStream) {
        try {
            return answerQuery(place, buffer, offset, size, overStream);
        } catch (RuntimeException e) {
            // A fault of ours that one query shows must not end the worker, nor fill the log.
            counters.count(Event.FAILED, 1);
            if (Long.bitCount(counters.events(Event.FAILED)) == 1) {
                LOGGER.log(Level.ERROR, "dns query not answered", e);
            }
            return 0;
        }
    }

    private int answerQuery(int place, MemorySegment buffer, long offset, int size, boolean overStream) {
        message = buffer;
        at = offset;
        stream = overStream;
        genuine = overStream;
        first = Tail.EMPTY;
        second = Tail.EMPTY;
        logEvery = 0;
        int verdict = query.read(buffer, offset, size, foresight.nameEnd(place));
        if (verdict == Query.DROP) {
            counters.count(Event.DROPPED, 1);
            return 0;
        }
        if (verdict != Query.ANSWER) {
            return bare(verdict);
        }
        if (query.tsigAt() != 0) {
            return slow();
        }
        if (query.hasCookie()) {
            checkCookie();
        }
        if (query.nameLength() == 0) {
            return bare(Rcode.NOERROR.code());
        }
        if (query.qclass() != Query.CLASS_IN) {
            return bare(Rcode.REFUSED.code());
        }
        int type = query.type();
        return isMeta(type) ? answerMeta(type) : answerFromTable(place, type);
    }

    private int slow() {
        counters.count(Event.SLOW, 1);
        return SLOW;
    }

    private void checkCookie() {
        if (nowSeconds == 0) {
            nowSeconds = (int) (settings.clock().millis() / 1000);
        }
        if (cookies.check(query, client, secrets, nowSeconds)) {
            genuine = true;
            counters.count(Event.COOKIE_ACCEPTED, 1);
        }
    }

    private static boolean isMeta(int type) {
        return type == RecordType.OPT || (type >= RecordType.TKEY && type <= RecordType.MAILA);
    }

    private int answerMeta(int type) {
        return switch (type) {
            case RecordType.AXFR -> stream ? slow() : bare(Rcode.FORMERR.code());
            case RecordType.IXFR -> slow();
            case RecordType.OPT, RecordType.TSIG -> bare(Rcode.FORMERR.code());
            default -> bare(Rcode.NOTIMP.code());
        };
    }

    private int answerFromTable(int place, int type) {
        long name = at + Query.HEADER;
        byte[] leaf = table.findLeaf(foresight.slot(place), Leaf.bit(type), message, name, query.nameLength());
        if (leaf != null && !(query.isDnssecOk() && Leaf.isSigned(leaf))) {
            return send(leaf);
        }
        NameNode node = table.find(foresight.hash(place), message, name, query.nameLength());
        if (node != null) {
            Answer referral = node.referral();
            return referral != null && type != RecordType.DS ? refer(node, referral) : send(node, node.answer(type));
        }
        NameNode encloser = table.encloser(message, name, query.nameLength());
        if (encloser == null) {
            return bare(Rcode.REFUSED.code());
        }
        Answer referral = encloser.referral();
        if (referral != null) {
            return refer(encloser, referral);
        }
        NameNode wildcard = encloser.wildcard();
        return wildcard == null
                ? sendMissing(encloser)
                : send(wildcard, wildcard.answer(type));
    }

    /** RFC 4035 section 3.1.3.2: neither the name nor a wildcard in its place exists. */
    private int sendMissing(NameNode encloser) {
        logEvery = encloser.zone().logEvery();
        DenialTable denial = encloser.zone().denial();
        if (denial != null && query.isDnssecOk()) {
            key.set(message, at + Query.HEADER);
            int gap = denial.covering(key);
            first = denial.record(gap);
            if (encloser.denials().wildcard() != gap) {
                second = denial.record(encloser.denials().wildcard());
            }
        }
        return respond(encloser.zone().missing(), encloser.zone(), encloser.zone().nameLength());
    }

    private int send(byte[] leaf) {
        logEvery = Leaf.logEvery(leaf);
        take(leaf, picker.pick(leaf));
        return respond(Leaf.flags(leaf), Leaf.zone(leaf), Leaf.id(leaf), 0);
    }

    private int send(NameNode node, Answer answer) {
        ServedZone zone = node.zone();
        logEvery = zone.logEvery();
        int index = picker.pick(answer, query, client);
        if (query.isDnssecOk()) {
            Tail tail = picker.chosen().tail(index).signed();
            DenialTable denial = zone.denial();
            if (denial != null && !tail.proof().isComplete()) {
                prove(denial, tail.proof(), node);
            }
            take(tail);
        } else {
            takeChosen(index);
        }
        return respond(answer.flags(), zone.counter(), answer.id(),
                Query.HEADER + query.nameLength() - zone.nameLength());
    }

    private void takeChosen(int index) {
        byte[] leaf = picker.leaf();
        if (leaf == null) {
            take(picker.chosen().tail(index));
        } else {
            take(leaf, index);
        }
    }

    private void take(byte[] leaf, int index) {
        bytes = leaf;
        from = Leaf.start(leaf, index);
        length = Leaf.length(leaf);
        counts = Leaf.counts(leaf);
        patched = null;
    }

    private void take(Tail tail) {
        bytes = tail.bytes();
        from = 0;
        length = bytes.length;
        counts = tail.counts();
        patched = tail.isPlain() ? null : tail;
    }

    /** RFC 4035 sections 3.1.3.3 and 3.1.3.4: the name itself does not exist, and what the wildcard has. */
    private void prove(DenialTable denial, Proof proof, NameNode wildcard) {
        key.set(message, at + Query.HEADER);
        int gap = proof.gap() ? denial.covering(key) : -1;
        if (gap >= 0 && !proof.holds(gap)) {
            first = denial.record(gap);
        }
        int own = wildcard.denials().own();
        if (proof.own() && own >= 0 && own != gap) {
            second = denial.record(own);
        }
    }

    /** Referrals hang on the delegated name, which every name below it ends in. */
    private int refer(NameNode node, Answer referral) {
        logEvery = node.zone().logEvery();
        return respond(referral, node.zone(), node.nameLength());
    }

    private int respond(Answer answer, ServedZone zone, int endLength) {
        int index = picker.pick(answer, query, client);
        int apex = Query.HEADER + query.nameLength() - endLength;
        if (query.isDnssecOk()) {
            take(picker.chosen().tail(index).signed());
        } else {
            take(picker.chosen().tail(index));
        }
        return respond(answer.flags(), zone.counter(), answer.id(), apex);
    }

    /** A response without records. */
    private int bare(int rcode) {
        picker.clearScope();
        take(Tail.EMPTY);
        return respond(rcode, NO_ZONE, KIND_ERROR, 0);
    }

    private int respond(int flags, int zone, int kind, int apex) {
        if (!genuine && limit.concerns(client)) {
            RateLimit.Verdict verdict = limit.take(client, kind, nowMicros);
            if (verdict == RateLimit.Verdict.DROP) {
                counters.count(Event.RATE_LIMIT_DROPPED, 1);
                return 0;
            }
            if (verdict == RateLimit.Verdict.SLIP) {
                counters.count(Event.RATE_LIMIT_SLIPPED, 1);
                return write(false, flags, zone, apex);
            }
        }
        return write(true, flags, zone, apex);
    }

    /** Writes the response; one that shall not be whole, or does not fit, is truncated and has no records. */
    private int write(boolean whole, int flags, int zone, int apex) {
        int rcode = flags & 0x1F;
        counters.count(zone, query.type(), rcode);
        int body = query.questionEnd();
        int opt = query.hasOpt() ? optLength(rcode) : 0;
        int head = (flags & Query.FLAG_AA) | Query.FLAG_QR | (query.flags() & Query.FLAGS_KEPT) | (rcode & 0xF);
        long header = body > Query.HEADER ? 1L << 48 : 0;
        int size = body;
        if (whole && body + length + first.length() + second.length() + opt <= largest()) {
            MemorySegment.copy(bytes, from, message, ValueLayout.JAVA_BYTE, at + body, length);
            if (patched != null) {
                patched.patch(message, at, body, apex);
            }
            size += length;
            if (first.length() > 0) {
                first.write(message, at, size, apex);
                size += first.length();
            }
            if (second.length() > 0) {
                second.write(message, at, size, apex);
                size += second.length();
            }
            header += counts + first.counts() + second.counts();
        } else {
            head |= Query.FLAG_TC;
            counters.count(Event.TRUNCATED, 1);
        }
        if (opt > 0) {
            writeOpt(at + size, opt, rcode);
            header++;
        }
        Bytes.put16(message, at + 2, head);
        Bytes.put64(message, at + 4, header);
        if (logEvery > 0 && samples.draws(logEvery)) {
            samples.take(message, at, query, client, rcode, size + opt, stream);
        }
        return size + opt;
    }

    private int largest() {
        if (stream) {
            return MAX_STREAM;
        }
        return query.hasOpt() ? Math.clamp(query.udpSize(), PLAIN_UDP, MAX_UDP) : PLAIN_UDP;
    }

    /** Options are echoed only when they were understood; a FORMERR or BADVERS carries none. */
    private boolean hasOptions(int rcode) {
        return rcode != Rcode.FORMERR.code() && rcode != Rcode.BADVERS.code();
    }

    private int optLength(int rcode) {
        if (!hasOptions(rcode)) {
            return OPT_FIXED;
        }
        int length = OPT_FIXED;
        if (query.hasCookie()) {
            length += COOKIE_OPTION;
        }
        if (query.hasSubnet()) {
            length += 8 + ((query.subnetSource() + 7) >>> 3);
        }
        if (stream && query.wantsKeepalive()) {
            length += KEEPALIVE_OPTION;
        }
        return length;
    }

    private void writeOpt(long opt, int length, int rcode) {
        Bytes.put8(message, opt, 0);
        Bytes.put16(message, opt + 1, RecordType.OPT);
        Bytes.put16(message, opt + 3, MAX_UDP);
        Bytes.put32(message, opt + 5, (rcode >>> 4) << 24 | (query.isDnssecOk() ? 0x8000 : 0));
        Bytes.put16(message, opt + 9, length - OPT_FIXED);
        if (length > OPT_FIXED) {
            writeOptions(opt + OPT_FIXED);
        }
    }

    private void writeOptions(long from) {
        long option = from;
        if (query.hasCookie()) {
            Bytes.put32(message, option, 10 << 16 | 24);
            Bytes.put64(message, option + 4, query.clientCookie());
            Bytes.put64(message, option + 12, cookies.high());
            Bytes.put64(message, option + 20, cookies.low());
            option += COOKIE_OPTION;
        }
        if (query.hasSubnet()) {
            int bytes = (query.subnetSource() + 7) >>> 3;
            Bytes.put32(message, option, 8 << 16 | (4 + bytes));
            Bytes.put16(message, option + 4, query.subnetFamily());
            Bytes.put16(message, option + 6, query.subnetSource() << 8 | picker.scope());
            for (int i = 0; i < bytes; i++) {
                long half = i < 8 ? query.subnetHigh() : query.subnetLow();
                Bytes.put8(message, option + 8 + i, (int) (half >>> (56 - 8 * (i & 7))));
            }
            option += 8 + bytes;
        }
        if (stream && query.wantsKeepalive()) {
            Bytes.put32(message, option, 11 << 16 | 2);
            Bytes.put16(message, option + 4, settings.keepaliveTenths());
        }
    }
}
