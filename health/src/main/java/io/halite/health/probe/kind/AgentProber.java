package io.halite.health.probe.kind;

import io.halite.config.HealthCheck;
import io.halite.health.Reason;
import io.halite.health.TargetHealth;
import io.halite.health.probe.kind.ProbeResult.Failed;
import io.halite.health.probe.kind.ProbeResult.Passed;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * HAProxy's agent-check protocol (its configuration manual, {@code agent-check}): the agent answers a connection with
 * one line of words, such as {@code up 75%} or {@code down#disk full}. An agent that cannot be reached, or is silent for
 * half of the time, says nothing of its target, so then a connection to the target itself decides.
 */
record AgentProber(HealthCheck.Agent check, Preamble preamble) implements Prober.Blocking {
    private static final int MAX_LINE = 1 << 10;
    private static final int MAX_PERCENT = 256;

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        String line;
        int half = (int) Math.max(1, attempt.timeout().toMillis() / 2);
        try (Socket socket = Connections.prepare(attempt)) {
            socket.setSoTimeout(half);
            socket.connect(attempt.socketAddress(check.port()), half);
            attempt.phase("awaiting the agent's line");
            line = line(socket);
        } catch (IOException silent) {
            if (attempt.isExpired()) {
                throw silent;
            }
            Connections.open(attempt, preamble);
            return ProbeResult.passed("connected; its agent on port " + check.port() + " is silent");
        }
        return verdict(line);
    }

    private static String line(Socket socket) throws IOException {
        byte[] bytes = new byte[MAX_LINE];
        int length = 0;
        while (length < bytes.length) {
            int next = socket.getInputStream().read();
            if (next < 0 && length == 0) {
                throw new EOFException();
            }
            if (next < 0 || next == '\n' || next == '\r') {
                break;
            }
            bytes[length++] = (byte) next;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    /** The words of a line, in any order; an unknown word is ignored, as HAProxy does. */
    static ProbeResult verdict(String line) {
        int hash = line.indexOf('#');
        String words = (hash < 0 ? line : line.substring(0, hash)).toLowerCase(Locale.ROOT).strip();
        String evidence = "the agent says '" + line.strip() + "'";
        int percent = TargetHealth.FULL_WEIGHT;
        Reason warning = Reason.NONE;
        for (String word : words.split("[ ,\t]+", -1)) {
            switch (word) {
                case "down", "fail", "stopped" -> {
                    return new Failed(Reason.AGENT_DOWN, evidence);
                }
                case "maint" -> {
                    return new Failed(Reason.AGENT_MAINT, evidence);
                }
                case "drain" -> warning = Reason.AGENT_DRAIN;
                default -> percent = percent(word, percent);
            }
        }
        return new Passed(warning, evidence, warning == Reason.AGENT_DRAIN ? 0 : percent);
    }

    private static int percent(String word, int otherwise) {
        if (!word.matches("[0-9]{1,4}%")) {
            return otherwise;
        }
        return Math.min(MAX_PERCENT, Integer.parseInt(word.substring(0, word.length() - 1)));
    }
}
