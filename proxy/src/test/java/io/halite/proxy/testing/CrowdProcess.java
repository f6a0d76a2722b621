package io.halite.proxy.testing;

import io.halite.config.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Both ends of many WebSockets, as a process of its own so that the descriptors of the one with the proxy are the
 * proxy's. It says the ports of its targets and then does what its standard input says, line by line: {@code open PORT
 * COUNT} connects, {@code echo ROUND} has every socket send bytes of its own and waits until they are back. Each line is
 * answered by one, {@code ok} or what is wrong.
 */
final class CrowdProcess {
    private static final byte[] UPGRADE = Wire.head("GET /chat HTTP/1.1", "Host: a.example", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
            .getBytes(StandardCharsets.US_ASCII);
    private static final String ACCEPTED = "s3pplmbitxaq9kygzzhzrbk+xoo=";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TARGETS = 3;
    private static final long LOOK_MILLIS = 100;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
    private int missing;

    /** A client's end: what it waits for. */
    private static final class Client {
        private final int number;
        private final SocketChannel channel;
        private byte[] expected = new byte[0];
        private int got;

        Client(int number, SocketChannel channel) {
            this.number = number;
            this.channel = channel;
        }
    }

    private CrowdProcess() throws IOException {}

    /** Runs until standard input ends. */
    @SuppressWarnings("SystemOut")
    public static void main(String... args) throws IOException {
        System.out.println(EchoTargets.start(TARGETS).ports().stream().map(String::valueOf)
                .collect(Collectors.joining(" ")));
        CrowdProcess crowd = new CrowdProcess();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            try {
                System.out.println(words[0].equals("open")
                        ? crowd.open(Integer.parseInt(words[1]), Integer.parseInt(words[2]))
                        : crowd.echo(Integer.parseInt(words[1])));
            } catch (IOException failed) {
                System.out.println(failed);
            }
        }
    }

    private String open(int port, int count) throws IOException {
        for (int left = count; left > 0; left--) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // A reset at the end leaves none of them in TIME_WAIT.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.write(ByteBuffer.wrap(UPGRADE));
            String head = head(channel);
            if (!head.startsWith("http/1.1 101 ") || !head.contains(ACCEPTED)) {
                return "socket " + clients.size() + " answered " + head.lines().findFirst().orElse("nothing");
            }
            channel.configureBlocking(false);
            Client client = new Client(clients.size(), channel);
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
        }
        return "ok";
    }

    private String head(SocketChannel channel) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                break;
            }
            head.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return head.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private String echo(int round) throws IOException {
        wrong.clear();
        missing = 0;
        for (Client client : clients) {
            client.expected = "socket %d round %d\n".formatted(client.number, round).getBytes(StandardCharsets.US_ASCII);
            client.got = 0;
            missing++;
            send(client);
        }
        long end = Ticker.SYSTEM.nanos() + PATIENCE.toNanos();
        while (missing > 0 && Ticker.SYSTEM.nanos() - end < 0) {
            selector.select(key -> receive((Client) key.attachment()), LOOK_MILLIS);
        }
        if (wrong.isEmpty() && missing > 0) {
            wrong.add("no echo");
        }
        return wrong.isEmpty() ? "ok" : missing + " missing, " + wrong.size() + " wrong, the first " + wrong.getFirst();
    }

    private void send(Client client) {
        try {
            if (client.channel.write(ByteBuffer.wrap(client.expected)) < client.expected.length) {
                fail(client, "no room");
            }
        } catch (IOException gone) {
            fail(client, gone.toString());
        }
    }

    private void receive(Client client) {
        try {
            buffer.clear();
            int read = client.channel.read(buffer);
            if (read < 0) {
                fail(client, "closed");
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte octet = buffer.get();
                if (client.got >= client.expected.length || octet != client.expected[client.got]) {
                    fail(client, "got bytes that are not its own");
                    return;
                }
                client.got++;
            }
            missing -= client.got == client.expected.length ? 1 : 0;
        } catch (IOException gone) {
            fail(client, gone.toString());
        }
    }

    private void fail(Client client, String how) {
        wrong.add("socket " + client.number + " " + how);
        missing--;
        try {
            client.channel.close();
        } catch (IOException closed) {
            wrong.add(closed.toString());
        }
    }
}
