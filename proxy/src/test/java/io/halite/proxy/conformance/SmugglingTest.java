package io.halite.proxy.conformance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.halite.proxy.TestPlane;
import io.halite.proxy.relay.Engine;
import io.halite.proxy.testing.BackEnd;
import io.halite.proxy.testing.BackEnd.Program;
import io.halite.proxy.testing.Message;
import io.halite.proxy.testing.Wire;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages that two parsers may understand differently, in front of servers that people run: each is refused, counted
 * under its class and reaches no server, or it is one request for both. A canary comes behind each message in the same
 * segment, and a probe on a connection of its own finds out whether anything was left in a connection to the server. The
 * table is {@code smuggling.txt} beside the class.
 */
@Tag("peers")
class SmugglingTest {
    @TempDir
    Path directory;

    /** One line of the table. */
    private record Row(String verdict, String detail, String message) {
        static Row of(String line) {
            String[] columns = line.split("\\|", 2);
            String[] expected = columns[0].strip().split(" ", -1);
            String message = columns[1].substring(1).replaceFirst("^P ", "POST /m HTTP/1.1~Host: a~");
            return new Row(expected[0], expected[1], Pattern.compile("<(..)>").matcher(message
                    .replace("~", "\r\n").replace("^", "\r").replace("!", "\n"))
                    .replaceAll(octet -> String.valueOf((char) Integer.parseInt(octet.group(1), 16))));
        }

        String method() {
            return message.strip().split(" ", 2)[0];
        }
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void oneRequestOrNone(Program program) throws Exception {
        List<String> wrong = new ArrayList<>();
        // The parser is the same over both; one server that takes nearly everything is enough to see it.
        boolean both = program == Program.LENIENT_NODE;
        for (Engine engine : both ? new Engine[] {Engine.AUTO, Engine.SELECTOR} : new Engine[] {Engine.AUTO}) {
            try (BackEnd backEnd = BackEnd.start(program, directory); TestPlane plane = TestPlane.start(engine, 1)) {
                plane.apply("""
                        apiVersion: halite/v1
                        loadBalancers:
                          shop:
                            listeners: [ { name: web, address: "127.0.0.1:0", protocol: http } ]
                            routes: [ { forward: app } ]
                        pools: { app: { check: none, targets: [ "%s" ] } }
                        """.formatted(backEnd.address()));
                int number = 0;
                for (String line : messages()) {
                    number++;
                    if (program == Program.HELIDON && (line.contains("~5;a=b;") || line.contains("~0~X"))) {
                        // Helidon 4.5 answers extensions of chunks with 500, and trailers with 400.
                        continue;
                    }
                    String problem = problem(plane, backEnd, Row.of(line), number);
                    if (!problem.isEmpty()) {
                        wrong.add(engine + " " + line + "\n    " + problem);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static List<String> messages() throws IOException {
        try (InputStream table = SmugglingTest.class.getResourceAsStream("smuggling.txt")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#")).toList();
        }
    }

    private static String problem(TestPlane plane, BackEnd backEnd, Row row, int number) throws Exception {
        int before = backEnd.seen().size();
        long counted = refused(plane, row.detail());
        boolean cut = row.verdict().equals("cut");
        List<Message> answers;
        try (Wire client = Wire.to(plane.port("shop/web"))) {
            client.send(row.message() + (cut ? "" : canary(number)));
            if (cut) {
                client.finish();
            }
            answers = answers(client);
        }
        String probe = "GET /probe-" + number;
        try (Wire other = Wire.to(plane.port("shop/web"))) {
            Message answer = other.ask(probe + " HTTP/1.1\r\nHost: a\r\n\r\n");
            if (!answer.body().equals(probe + " 0\n")) {
                return "the probe was answered " + answer;
            }
        }
        await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> backEnd.seen().contains(probe));
        List<String> seen = new ArrayList<>(backEnd.seen().subList(before, backEnd.seen().size()));
        seen.remove(probe);
        return row.verdict().equals("one") ? ofOne(row, number, answers, seen)
                : ofRefused(row, answers, seen, refused(plane, row.detail()) - counted);
    }

    private static String ofOne(Row row, int number, List<Message> answers, List<String> seen) {
        String request = row.method() + " /m";
        String canary = "GET /canary-" + number;
        List<String> bodies = answers.stream().map(Message::body).toList();
        if (!bodies.equals(List.of(request + " " + row.detail() + "\n", canary + " 0\n"))) {
            return "answered " + answers;
        }
        return seen.equals(List.of(request, canary)) ? "" : "seen were " + seen;
    }

    private static String ofRefused(Row row, List<Message> answers, List<String> seen, long counted) {
        // A server may have heard of a head whose body turned out to be broken, as something that did not end.
        boolean heard = !row.verdict().equals("refused");
        List<String> others = seen.stream().filter(line -> !heard || !(line.startsWith("broken") || line.equals("POST /m")))
                .toList();
        if (!others.isEmpty()) {
            return "seen were " + seen;
        }
        if (counted != 1) {
            return "counted " + counted + ", answered " + answers;
        }
        boolean right = answers.size() == 1 && answers.getFirst().body().contains(row.detail())
                && answers.getFirst().header("connection").orElse("").equals("close");
        return right ? "" : "answered " + answers;
    }

    private static String canary(int number) {
        return "GET /canary-" + number + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    private static long refused(TestPlane plane, String reason) {
        return plane.plane().traffic().refused().getOrDefault(reason, 0L);
    }

    /** Everything until the proxy ends the connection. */
    private static List<Message> answers(Wire client) throws IOException {
        InputStream all = new BufferedInputStream(
                new ByteArrayInputStream(client.readAll().getBytes(StandardCharsets.ISO_8859_1)));
        List<Message> answers = new ArrayList<>();
        while (all.available() > 0) {
            Message answer = Message.response(all, false);
            if (answer.status() != 100) {
                answers.add(answer);
            }
        }
        return answers;
    }
}
