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

/**
 * A datagram and what its answer must contain. Without an expectation silence is a pass, for services that never
 * answer: only an ICMP refusal within a short wait fails.
 */
record UdpProber(HealthCheck.Udp check) implements Prober.Blocking {
    private static final int MAX_DATAGRAM = 65_507;
    private static final int REFUSAL_WAIT_MILLIS = 200;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        try (DatagramSocket socket = attempt.guard(new DatagramSocket())) {
            socket.connect(attempt.socketAddress());
            byte[] question = check.send().getBytes(StandardCharsets.UTF_8);
            DatagramPacket datagram = new DatagramPacket(question, question.length);
            return check.expect() == null ? silent(socket, datagram, attempt)
                    : answered(socket, datagram, check.expect(), attempt);
        }
    }

    private static ProbeResult silent(DatagramSocket socket, DatagramPacket question, Attempt attempt)
            throws IOException {
        attempt.phase("awaiting a refusal");
        socket.send(question);
        socket.setSoTimeout(Math.clamp(attempt.timeout().toMillis() / 2, 1, REFUSAL_WAIT_MILLIS));
        try {
            socket.receive(new DatagramPacket(new byte[1], 1));
            return ProbeResult.passed("the target answered");
        } catch (SocketTimeoutException silence) {
            return ProbeResult.passed("sent, and not refused");
        }
    }

    /** Datagrams are lost now and then: asks again after each quarter of the time. */
    private static ProbeResult answered(
            DatagramSocket socket, DatagramPacket question, String expected, Attempt attempt) throws IOException {
        attempt.phase("awaiting an answer");
        DatagramPacket answer = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
        socket.setSoTimeout((int) Math.max(1, attempt.timeout().toMillis() / 4));
        while (true) {
            socket.send(question);
            try {
                socket.receive(answer);
                boolean found = new TextSearch(expected).feed(ByteBuffer.wrap(answer.getData()), answer.getLength());
                return found ? ProbeResult.passed("the answer matched")
                        : new Failed(Reason.RESPONSE_BODY_MISMATCH,
                                "the answer of " + answer.getLength() + " bytes lacks the expected text");
            } catch (SocketTimeoutException lost) {
                if (attempt.remainingNanos() <= 0) {
                    return Failures.timeout(attempt);
                }
            }
        }
    }
}
