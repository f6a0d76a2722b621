package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Field;
import io.halite.proxy.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends HTTP/2 frames as a test says, right or wrong, and reads those that come. */
final class FrameClient implements AutoCloseable {
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Wire wire;
    private final HpackDecoder decoder = new HpackDecoder();

    /** A frame as it came. */
    static final class Frame {
        private final int type;
        private final int flags;
        private final int stream;
        private final byte[] payload;

        Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        int type() {
            return type;
        }

        int stream() {
            return stream;
        }

        byte[] payload() {
            return payload;
        }

        boolean endsStream() {
            return (flags & Frames.FLAG_END_STREAM) != 0;
        }

        /** Four octets of the payload. */
        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        /** The last four octets of the payload. */
        int number() {
            return ByteBuffer.wrap(payload).getInt(payload.length - 4);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    private FrameClient(Wire wire) {
        this.wire = wire;
    }

    /** One end of a connection that is there already. */
    static FrameClient over(Wire wire) {
        return new FrameClient(wire);
    }

    /** Connects and sends nothing. */
    static FrameClient connect(int port) throws IOException {
        return new FrameClient(Wire.to(port));
    }

    /** Connects and sends what every client begins with. */
    static FrameClient ready(int port) throws IOException {
        FrameClient client = connect(port);
        client.wire.send(PREFACE);
        return client.send(Frames.SETTINGS, 0, 0);
    }

    Wire wire() {
        return wire;
    }

    FrameClient send(int type, int flags, int stream, byte... payload) throws IOException {
        wire.send(frame(type, flags, stream, payload));
        return this;
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length).put((byte) (payload.length >> 16))
                .putShort((short) payload.length).put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    FrameClient data(int stream, String text, boolean last) throws IOException {
        return send(Frames.DATA, last ? 1 : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    FrameClient number(int type, int stream, int number) throws IOException {
        return send(type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
    }

    /** Sends a request head of these lines, {@code name: value}. */
    FrameClient headers(int stream, boolean last, String... lines) throws IOException {
        return send(Frames.HEADERS, Frames.FLAG_END_HEADERS | (last ? 1 : 0), stream, block(lines));
    }

    FrameClient get(int stream, String path, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(":method: GET", ":scheme: http", ":path: " + path,
                ":authority: a.example"));
        lines.addAll(List.of(more));
        return headers(stream, true, lines.toArray(String[]::new));
    }

    FrameClient post(int stream, String path, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(":method: POST", ":scheme: http", ":path: " + path,
                ":authority: a.example"));
        lines.addAll(List.of(more));
        return headers(stream, false, lines.toArray(String[]::new));
    }

    static byte[] block(String... lines) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String line : lines) {
            int colon = line.indexOf(": ", 1);
            block.write(0);
            for (String text : new String[] {line.substring(0, colon), line.substring(colon + 2)}) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                if (bytes.length < 127) {
                    block.write(bytes.length);
                } else {
                    block.write(127);
                    int rest = bytes.length - 127;
                    for (; rest >= 128; rest >>= 7) {
                        block.write((rest & 127) | 128);
                    }
                    block.write(rest);
                }
                block.writeBytes(bytes);
            }
        }
        return block.toByteArray();
    }

    /** Lets the peer send so much more, over all and over a stream; 0 for none of them. */
    FrameClient grant(int bytes, int stream) throws IOException {
        if (bytes > 0) {
            number(Frames.WINDOW_UPDATE, 0, bytes);
            if (stream > 0) {
                number(Frames.WINDOW_UPDATE, stream, bytes);
            }
        }
        return this;
    }

    Frame read() throws IOException {
        byte[] head = wire.in().readNBytes(9);
        if (head.length < 9) {
            throw new EOFException("the connection ended");
        }
        int length = Frames.number(head, 0, 3);
        byte[] payload = wire.in().readNBytes(length);
        return new Frame(head[3], head[4], Frames.number(head, 5, 4), payload);
    }

    /** The next frame of this type; others are passed over. */
    Frame next(int type) throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** The lines of a header block. */
    List<String> lines(Frame frame) throws Http2Problem {
        List<String> lines = new ArrayList<>();
        for (Field field : decoder.decode(frame.payload(), 0, frame.payload().length, 1 << 20, 1000).list()) {
            lines.add(new String(field.name(), StandardCharsets.ISO_8859_1) + ": "
                    + new String(field.value(), StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    /** Reads a whole response of one stream: the first line its status, the last its content, trailers behind it. */
    List<String> response(int stream) throws Exception {
        List<String> lines = new ArrayList<>();
        StringBuilder content = new StringBuilder();
        boolean done = false;
        boolean hasHead = false;
        List<String> trailers = new ArrayList<>();
        while (!done) {
            Frame frame = read();
            if (frame.type() == Frames.HEADERS) {
                List<String> read = lines(frame);
                if (frame.stream() == stream) {
                    (hasHead ? trailers : lines).addAll(read);
                    hasHead |= !read.getFirst().startsWith(":status: 1");
                    done = frame.endsStream();
                }
            } else if (frame.type() == Frames.DATA && frame.stream() == stream) {
                content.append(frame.text());
                done = frame.endsStream();
                if (frame.payload().length > 0) {
                    number(Frames.WINDOW_UPDATE, 0, frame.payload().length);
                    if (!done) {
                        number(Frames.WINDOW_UPDATE, stream, frame.payload().length);
                    }
                }
            } else if (frame.type() == Frames.RST_STREAM && frame.stream() == stream) {
                return List.of("RST " + frame.number());
            } else if (frame.type() == Frames.GOAWAY) {
                return List.of("GOAWAY " + frame.number());
            }
        }
        lines.add(content.toString());
        lines.addAll(trailers);
        return lines;
    }

    /** The code of the GOAWAY that comes. */
    int goAway() throws IOException {
        return next(Frames.GOAWAY).number();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
