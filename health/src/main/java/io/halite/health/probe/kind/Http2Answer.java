package io.halite.health.probe.kind;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2FrameData;
import io.helidon.http.http2.Http2FrameHeader;
import io.helidon.http.http2.Http2FrameTypes;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2HuffmanDecoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads the answer to the one request of a connection, frame by frame and within fixed bounds. HPACK is Helidon's. One
 * use, one thread.
 */
final class Http2Answer {
    static final int TYPE_DATA = 0;
    static final int TYPE_HEADERS = 1;
    static final int TYPE_SETTINGS = 4;
    static final int TYPE_WINDOW_UPDATE = 8;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    static final int STREAM = 1;
    private static final int TYPE_RST_STREAM = 3;
    private static final int TYPE_PING = 6;
    private static final int TYPE_GOAWAY = 7;
    private static final int TYPE_CONTINUATION = 9;
    private static final int ACK = 0x1;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int MAX_FRAME = 16 << 10;
    /** A body of 64 KiB in small pieces, and what else comes between. */
    private static final int MAX_FRAMES = 2_048;
    private static final int MAX_HEADERS = 32 << 10;
    private static final int HEADER_TABLE = 4 << 10;
    private static final int FINAL_STATUS = 200;
    private static final HeaderName GRPC_STATUS = HeaderNames.create("grpc-status");
    private static final byte[] NOTHING = {};

    private final DataInputStream in;
    private final OutputStream out;
    private final Http2Headers.DynamicTable table = Http2Headers.DynamicTable.create(HEADER_TABLE);
    private final Http2HuffmanDecoder huffman = Http2HuffmanDecoder.create();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private byte[] data = NOTHING;
    private int frames;
    private boolean ended;
    private boolean lastHeaders;
    private int status;
    private int grpcStatus;

    /** Has read nothing yet. */
    Http2Answer(Socket socket) throws IOException {
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** Whether the head of the final response has come; interim ones (1xx) are passed over. */
    boolean hasHead() {
        return status >= FINAL_STATUS;
    }

    /** Whether everything has come. */
    boolean isEnded() {
        return ended;
    }

    int status() {
        return status;
    }

    /** 0 when the answer names none. */
    int grpcStatus() {
        return grpcStatus;
    }

    /** What the last frame held of the body. */
    byte[] data() {
        return data;
    }

    /** Reads until the head of the final response has come. */
    void readHead() throws IOException {
        while (!hasHead()) {
            if (ended) {
                throw new ProtocolException("the answer has no status");
            }
            readFrame();
        }
    }

    /** Reads the next frame. */
    void readFrame() throws IOException {
        if (frames++ > MAX_FRAMES) {
            throw new ProtocolException("the answer has too many frames");
        }
        int first = in.readInt();
        int length = first >>> 8;
        int type = first & 0xFF;
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        if (length > MAX_FRAME) {
            throw new ProtocolException("the answer is not HTTP/2");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        data = NOTHING;
        switch (type) {
            case TYPE_SETTINGS -> acknowledge(TYPE_SETTINGS, flags, NOTHING);
            case TYPE_PING -> acknowledge(TYPE_PING, flags, payload);
            case TYPE_GOAWAY -> goAway(payload);
            case TYPE_RST_STREAM -> throw new ProtocolException("the target reset the stream" + error(payload, 0));
            case TYPE_DATA -> {
                ours(stream);
                data = unpadded(payload, flags, 0);
                ended = (flags & END_STREAM) != 0;
            }
            case TYPE_HEADERS -> {
                ours(stream);
                keep(unpadded(payload, flags, (flags & PRIORITY) != 0 ? 5 : 0));
                lastHeaders = (flags & END_STREAM) != 0;
                decode(flags);
            }
            case TYPE_CONTINUATION -> {
                ours(stream);
                keep(payload);
                decode(flags);
            }
            default -> { }
        }
    }

    private static void ours(int stream) throws ProtocolException {
        if (stream != STREAM) {
            throw new ProtocolException("a frame is of a stream that nobody opened");
        }
    }

    /** A target that is about to end the connection may still answer what it took on. */
    private static void goAway(byte[] payload) throws ProtocolException {
        boolean answers = payload.length >= 8 && ByteBuffer.wrap(payload).getInt() >= STREAM
                && ByteBuffer.wrap(payload).getInt(4) == 0;
        if (!answers) {
            throw new ProtocolException("the target closed the session (GOAWAY)" + error(payload, 4));
        }
    }

    private static String error(byte[] payload, int at) {
        return payload.length < at + 4 ? "" : ", error " + ByteBuffer.wrap(payload).getInt(at) + " of HTTP/2";
    }

    private void acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            byte[] frame = new byte[9 + payload.length];
            frame[2] = (byte) payload.length;
            frame[3] = (byte) type;
            frame[4] = ACK;
            System.arraycopy(payload, 0, frame, 9, payload.length);
            out.write(frame);
        }
    }

    private static byte[] unpadded(byte[] payload, int flags, int skip) throws ProtocolException {
        boolean padded = (flags & PADDED) != 0;
        int from = skip + (padded ? 1 : 0);
        int padding = padded && payload.length > 0 ? payload[0] & 0xFF : 0;
        if (from + padding > payload.length) {
            throw new ProtocolException("a frame is malformed");
        }
        return Arrays.copyOfRange(payload, from, payload.length - padding);
    }

    private void keep(byte[] bytes) throws IOException {
        if (block.size() + bytes.length > MAX_HEADERS) {
            throw new ProtocolException("the head of the answer is too large");
        }
        block.write(bytes);
    }

    private void decode(int flags) throws IOException {
        if ((flags & END_HEADERS) == 0) {
            return;
        }
        ended = lastHeaders;
        byte[] bytes = block.toByteArray();
        block.reset();
        Http2FrameHeader header = Http2FrameHeader.create(
                bytes.length, Http2FrameTypes.HEADERS, Http2Flag.HeaderFlags.create(Http2Flag.END_OF_HEADERS), STREAM);
        try {
            Http2Headers decoded = Http2Headers.create(
                    null, table, huffman, new Http2FrameData(header, BufferData.create(bytes)));
            status = decoded.status() == null ? status : decoded.status().code();
            Headers headers = decoded.httpHeaders();
            if (headers.contains(GRPC_STATUS)) {
                grpcStatus = headers.get(GRPC_STATUS).asInt().get();
            }
        } catch (RuntimeException malformed) {
            throw new ProtocolException("the headers of the answer are malformed: " + malformed.getMessage());
        }
    }
}
