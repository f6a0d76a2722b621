package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.health.Reason;
import io.halite.health.probe.kind.ProbeResult.Failed;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One DNS question over UDP that must be answered with NOERROR. The message is written by hand (RFC 1035 §4.1):
 * a question and four header bits need no library.
 */
record DnsProber(HealthCheck.Dns check) implements Prober.Blocking {
    private static final Map<String, Integer> TYPES = Map.ofEntries(
            Map.entry("A", 1), Map.entry("NS", 2), Map.entry("CNAME", 5), Map.entry("SOA", 6), Map.entry("PTR", 12),
            Map.entry("MX", 15), Map.entry("TXT", 16), Map.entry("AAAA", 28), Map.entry("SRV", 33),
            Map.entry("DS", 43), Map.entry("DNSKEY", 48), Map.entry("SVCB", 64), Map.entry("HTTPS", 65),
            Map.entry("ANY", 255), Map.entry("CAA", 257));
    private static final String[] RCODES =
            {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    private static final int HEADER = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int CLASS_IN = 1;
    private static final int MAX_QUESTION = HEADER + 256 + 4;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        byte[] question = question(id, check.name(), type(check.type()));
        try (DatagramSocket socket = attempt.guard(new DatagramSocket())) {
            attempt.phase("awaiting an answer");
            socket.connect(attempt.socketAddress());
            // Datagrams are lost now and then: asks again after each quarter of the time.
            socket.setSoTimeout((int) Math.max(1, attempt.timeout().toMillis() / 4));
            byte[] answer = new byte[HEADER];
            while (true) {
                socket.send(new DatagramPacket(question, question.length));
                try {
                    return verdict(await(socket, id, answer));
                } catch (SocketTimeoutException lost) {
                    if (attempt.remainingNanos() <= 0) {
                        return Failures.timeout(attempt);
                    }
                }
            }
        }
    }

    /** Waits for the answer to this question: the socket is connected, but an older answer may still come. */
    private static ByteBuffer await(DatagramSocket socket, int id, byte[] bytes) throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            socket.receive(packet);
            ByteBuffer answer = ByteBuffer.wrap(bytes, 0, packet.getLength());
            if (answer.limit() == HEADER && answer.getChar(0) == id && (answer.getChar(2) & RESPONSE) != 0) {
                return answer;
            }
        }
    }

    private ProbeResult verdict(ByteBuffer answer) {
        int rcode = answer.getChar(2) & 0xF;
        int answers = answer.getChar(6);
        String name = rcode < RCODES.length ? RCODES[rcode] : "RCODE " + rcode;
        return rcode == 0 ? ProbeResult.passed("NOERROR with " + answers + " answers")
                : new Failed(Reason.RESPONSE_CODE_MISMATCH,
                        "answered " + name + " to " + check.name() + " " + check.type());
    }

    private static int type(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        Integer known = TYPES.get(upper);
        if (known == null && !upper.matches("TYPE[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is no DNS record type");
        }
        return known == null ? Integer.parseInt(upper.substring(4)) & 0xFFFF : known;
    }

    private static byte[] question(int id, String name, int type) {
        ByteBuffer out = ByteBuffer.allocate(MAX_QUESTION);
        out.putChar((char) id).putChar((char) RECURSION_DESIRED).putChar((char) 1).putChar((char) 0).putInt(0);
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length > 63 || out.remaining() < bytes.length + 6) {
                throw new IllegalArgumentException("'" + name + "' is no DNS name");
            }
            if (bytes.length > 0) {
                out.put((byte) bytes.length).put(bytes);
            }
        }
        out.put((byte) 0).putChar((char) type).putChar((char) CLASS_IN);
        return Arrays.copyOf(out.array(), out.position());
    }
}
