package io.halite.dns.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.halite.dns.testing.Bench;
import io.halite.dns.testing.FixedKeys;
import io.halite.dns.testing.Oracle;
import io.halite.dns.testing.Oracle.Expected;
import io.halite.dns.testing.SampleZones;
import io.halite.dns.testing.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Address;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/** Random and damaged queries: the fast path must do what dnsjava's parser and the {@link Oracle} say. */
class FastPathFuzzTest {
    private static final int[] TYPES = {Type.A, Type.A, Type.A, Type.AAAA, Type.NS, Type.SOA, Type.TXT, Type.MX,
        Type.SRV, Type.CAA, Type.CNAME, Type.HTTPS, Type.SVCB, Type.DS, Type.ANY, Type.PTR, 4711, Type.AXFR, Type.OPT,
        Type.TSIG, Type.MAILB, Type.RRSIG};
    private static final Set<Integer> SECURITY = Set.of(Type.RRSIG, Type.NSEC);
    private static final int ROUNDS = 40_000;

    private Bench bench = Bench.of(SampleZones.state(), SampleZones.nodes());
    private Oracle oracle = oracleOf(bench);
    private int answered;
    private int malformed;

    @Test
    void agreesWithTheOracle() throws Exception {
        run(20_260_101L, ROUNDS);
        assertTrue(answered > ROUNDS / 4, "answered " + answered);
        assertTrue(malformed > ROUNDS / 20, "malformed " + malformed);
    }

    /** With signatures and proofs taken away, a signed zone answers as if it were none. */
    @Test
    void signedZonesAgreeToo() throws Exception {
        bench = Bench.signed(SampleZones.state(true, true), SampleZones.nodes(), new FixedKeys(Instant.now()));
        oracle = oracleOf(bench);
        run(20_260_102L, ROUNDS);
        assertTrue(answered > ROUNDS / 4, "answered " + answered);
    }

    private static Oracle oracleOf(Bench bench) {
        return new Oracle(bench.compiled().zones().values(), Map.of("sites", SampleZones.MAP));
    }

    /** Ten million unless {@code -Dhalite.dns.fuzz} says another number. */
    @Test
    @Tag("long")
    void agreesWithTheOracleTenMillionTimes() throws Exception {
        long seed = System.getProperty("halite.dns.fuzz.seed") == null
                ? new Random().nextLong() : Long.getLong("halite.dns.fuzz.seed");
        run(seed, Integer.getInteger("halite.dns.fuzz", 10_000_000));
    }

    private void run(long seed, int rounds) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < rounds; i++) {
            byte[] query = query(random);
            if (random.nextBoolean()) {
                query = damage(query, random);
            }
            InetAddress client = client(random);
            boolean stream = random.nextInt(8) == 0;
            try {
                check(query, client, stream);
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError("seed " + seed + " round " + i + " client " + client + " stream " + stream
                        + " query " + hex(query), e);
            }
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] query(Random random) throws IOException {
        List<String> names = SampleZones.interestingNames();
        String text = names.get(random.nextInt(names.size()));
        if (random.nextInt(6) == 0) {
            text = "p" + random.nextInt(3) + "." + (text.equals(".") ? "" : text);
        }
        Name name = Name.fromString(mixed(text, random));
        int dclass = random.nextInt(20) == 0 ? DClass.CH : DClass.IN;
        Message message = new Message();
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(question(name, TYPES[random.nextInt(TYPES.length)], dclass), Section.QUESTION);
        if (random.nextInt(3) > 0) {
            List<EDNSOption> options = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                byte[] cookie = new byte[8];
                random.nextBytes(cookie);
                options.add(new CookieOption(cookie));
            }
            if (random.nextInt(3) == 0) {
                InetAddress subnet = client(random);
                int prefix = random.nextInt(subnet.getAddress().length * 8 + 1);
                options.add(new ClientSubnetOption(prefix, Address.truncate(subnet, prefix)));
            }
            message.addRecord(new OPTRecord(random.nextInt(5000), 0, random.nextInt(30) == 0 ? 1 : 0,
                    random.nextInt(4) == 0 ? 0x8000 : 0, options), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /** dnsjava refuses to make questions of meta types, but reads them. */
    private static Record question(Name name, int type, int dclass) throws IOException {
        DNSOutput out = new DNSOutput();
        name.toWire(out, null);
        out.writeU16(type);
        out.writeU16(dclass);
        return Record.fromWire(out.toByteArray(), Section.QUESTION);
    }

    private static String mixed(String name, Random random) {
        return random.nextBoolean() ? name : name.chars()
                .mapToObj(c -> String.valueOf((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)))
                .collect(Collectors.joining());
    }

    private static InetAddress client(Random random) throws UnknownHostException {
        byte[] address = switch (random.nextInt(5)) {
            case 0 -> new byte[] {(byte) 198, 51, 100, (byte) random.nextInt(256)};
            case 1 -> new byte[] {(byte) 203, 0, 113, (byte) random.nextInt(256)};
            case 2 -> new byte[] {10, (byte) random.nextInt(256), 3, 4};
            case 3 -> InetAddress.ofLiteral("2001:db8:e::" + Integer.toHexString(random.nextInt(65536))).getAddress();
            default -> {
                byte[] any = new byte[4];
                random.nextBytes(any);
                yield any;
            }
        };
        return InetAddress.getByAddress(address);
    }

    private static byte[] damage(byte[] query, Random random) {
        byte[] damaged = query;
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> damaged = Arrays.copyOf(damaged, Math.max(1, at));
                case 3 -> damaged = Arrays.copyOf(damaged, damaged.length + random.nextInt(12));
                default -> {
                    int header = Math.min(2 + random.nextInt(10), damaged.length - 1);
                    damaged[header] = (byte) random.nextInt(4);
                }
            }
        }
        return damaged;
    }

    private void check(byte[] query, InetAddress client, boolean stream) throws IOException {
        byte[] response = bench.answer(query, client, stream);
        assertEquals(0, bench.failures());
        if (query.length < 12 || (query[2] & 0x80) != 0) {
            assertEquals(0, response.length, "must be dropped");
            return;
        }
        Verdict verdict = Verdict.of(query, stream);
        if (verdict.isLenient() && response.length == 1) {
            return;
        }
        if (verdict.isSlow()) {
            assertEquals(1, response.length, "must go the slow way");
            return;
        }
        assertTrue(response.length >= 12, () -> "a response, as " + verdict);
        assertEquals(query[0], response[0]);
        assertEquals(query[1], response[1]);
        Message parsed = new Message(response);
        assertTrue(parsed.getHeader().getFlag(Flags.QR));
        int rcode = parsed.getRcode();
        if (verdict.rcode() >= 0) {
            boolean lenient = verdict.isLenient() && rcode != Rcode.FORMERR;
            if (!lenient) {
                assertEquals(Rcode.string(verdict.rcode()), Rcode.string(rcode));
            }
            malformed++;
            return;
        }
        Message asked;
        try {
            // With TC set dnsjava takes what it cannot read for cut off, and leaves it out without a word.
            byte[] whole = query.clone();
            whole[2] &= ~0x02;
            asked = new Message(whole);
        } catch (WireParseException damagedRecord) {
            // A record that a server does not look into, such as an A of three bytes in the additional section.
            return;
        }
        answered++;
        compare(asked, query, parsed, response, client, stream);
    }

    private void compare(
            Message query, byte[] queryBytes, Message response, byte[] bytes, InetAddress client, boolean stream)
            throws IOException {
        Record question = query.getQuestion();
        int questionEnd = 12 + question.getName().length() + 4;
        assertEquals(hex(Arrays.copyOfRange(queryBytes, 12, questionEnd)),
                hex(Arrays.copyOfRange(bytes, 12, questionEnd)), "the question comes back as it was spelled");
        Optional<ClientSubnetOption> subnet = option(query, ClientSubnetOption.class);
        InetAddress who = subnet.filter(option -> option.getSourcePrefixLength() > 0)
                .map(ClientSubnetOption::getAddress).orElse(client);
        boolean isSigned = bench.compiled().table().zones().getFirst().denial() != null;
        if (isSigned && SECURITY.contains(question.getType())) {
            // The oracle knows no NSEC records.
            return;
        }
        Expected expected = oracle.answer(question.getName(), question.getType(), who);
        assertEquals(Rcode.string(expected.rcode()), Rcode.string(response.getRcode()));
        assertEquals(expected.authoritative(), response.getHeader().getFlag(Flags.AA), "AA");
        assertEquals(query.getHeader().getFlag(Flags.RD), response.getHeader().getFlag(Flags.RD), "RD");
        for (int flag : new int[] {Flags.RA, Flags.AD, Flags.CD}) {
            assertEquals(false, response.getHeader().getFlag(flag), "flag " + flag);
        }
        checkEdns(query, response, subnet, expected);
        if (response.getHeader().getFlag(Flags.TC)) {
            int limit = query.getOPT() == null ? 512 : Math.clamp(query.getOPT().getPayloadSize(), 512, 1232);
            byte[] whole = bench.answer(queryBytes, client, true);
            assertTrue(!stream && whole.length > limit, "truncated without need");
            assertEquals(0, response.getSection(Section.ANSWER).size());
            return;
        }
        int type = question.getType();
        String answer = text(plain(response, Section.ANSWER, type));
        List<String> allowed = expected.answers().stream().map(FastPathFuzzTest::text).toList();
        assertTrue(allowed.contains(answer), () -> "answer " + answer + "\nallowed " + allowed);
        assertEquals(text(expected.authority()), text(plain(response, Section.AUTHORITY, type)));
        List<Record> additional = response.getSection(Section.ADDITIONAL).stream()
                .filter(record -> record.getType() != Type.OPT).toList();
        assertEquals(text(expected.additional()), text(additional));
    }

    private static List<Record> plain(Message response, int section, int type) {
        return response.getSection(section).stream().filter(record -> !SECURITY.contains(record.getType())
                && (record.getType() != Type.DS || type == Type.DS)).toList();
    }

    private static void checkEdns(Message query, Message response, Optional<ClientSubnetOption> subnet, Expected expected) {
        assertEquals(query.getOPT() == null, response.getOPT() == null, "OPT");
        if (query.getOPT() == null) {
            return;
        }
        OPTRecord opt = response.getOPT();
        assertEquals(1232, opt.getPayloadSize());
        assertEquals(0, opt.getVersion());
        // dnsjava reads a TTL above 2^31 as 0, and the TTL of an OPT holds its flags.
        int allowed = query.getOPT().getTTL() == 0 ? opt.getFlags() & 0x8000 : query.getOPT().getFlags() & 0x8000;
        assertEquals(allowed, opt.getFlags(), "DO and nothing else");
        Optional<CookieOption> cookie = option(query, CookieOption.class);
        Optional<CookieOption> back = option(response, CookieOption.class);
        assertEquals(cookie.map(option -> hex(option.getClientCookie())),
                back.map(option -> hex(option.getClientCookie())));
        back.ifPresent(option -> assertEquals(16, option.getServerCookie().orElseThrow().length));
        Optional<ClientSubnetOption> echo = option(response, ClientSubnetOption.class);
        assertEquals(subnet.map(ClientSubnetOption::getAddress), echo.map(ClientSubnetOption::getAddress));
        assertEquals(subnet.map(ClientSubnetOption::getSourcePrefixLength),
                echo.map(ClientSubnetOption::getSourcePrefixLength));
        echo.ifPresent(option -> assertTrue(option.getScopePrefixLength() == 0
                || (expected.scoped() && option.getSourcePrefixLength() > 0), "scope without reason"));
    }

    private static <T> Optional<T> option(Message message, Class<T> type) {
        return Optional.ofNullable(message.getOPT()).stream().flatMap(opt -> opt.getOptions().stream())
                .filter(type::isInstance).map(type::cast).findFirst();
    }

    private static String text(List<Record> records) {
        return records.stream().map(record -> record.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("\n"));
    }
}
