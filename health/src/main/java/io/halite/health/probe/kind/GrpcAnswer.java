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
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Arrays;

/** Reads the answer to the one unary call of a connection, within fixed bounds. One use, one thread. */
final class GrpcAnswer {
    static final int TYPE_DATA = 0;
    static final int TYPE_HEADERS = 1;
    static final int TYPE_SETTINGS = 4;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    private static final int TYPE_RST_STREAM = 3;
    private static final int TYPE_PING = 6;
    private static final int TYPE_GOAWAY = 7;
    private static final int TYPE_CONTINUATION = 9;
    private static final int ACK = 0x1;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int MAX_FRAME = 16 << 10;
    private static final int MAX_FRAMES = 64;
    private static final int MAX_KEPT = 32 << 10;
    private static final int HEADER_TABLE = 4 << 10;
    private static final HeaderName GRPC_STATUS = HeaderNames.create("grpc-status");
    private static final String[] NAMES = {
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"};

    private final DataInputStream in;
    private final OutputStream out;
    private final Http2Headers.DynamicTable table = Http2Headers.DynamicTable.create(HEADER_TABLE);
    private final Http2HuffmanDecoder huffman = Http2HuffmanDecoder.create();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean ended;
    private boolean lastHeaders;
    private int httpStatus = 200;
    private int grpcStatus;

    private GrpcAnswer(Socket socket) throws IOException {
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static GrpcAnswer read(Socket socket) throws IOException {
        GrpcAnswer answer = new GrpcAnswer(socket);
        for (int frames = 0; !answer.ended; frames++) {
            if (frames > MAX_FRAMES) {
                throw new ProtocolException("the answer has too many frames");
            }
            answer.readFrame();
        }
        return answer;
    }

    int httpStatus() {
        return httpStatus;
    }

    int grpcStatus() {
        return grpcStatus;
    }

    byte[] message() {
        return message.toByteArray();
    }

    static String name(int grpcStatus) {
        return grpcStatus >= 0 && grpcStatus < NAMES.length ? NAMES[grpcStatus] : Integer.toString(grpcStatus);
    }

    private void readFrame() throws IOException {
        int first = in.readInt();
        int length = first >>> 8;
        int type = first & 0xFF;
        int flags = in.readUnsignedByte();
        in.readInt();
        if (length > MAX_FRAME) {
            throw new ProtocolException("the answer is not HTTP/2");
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case TYPE_SETTINGS -> acknowledge(TYPE_SETTINGS, flags, new byte[0]);
            case TYPE_PING -> acknowledge(TYPE_PING, flags, payload);
            case TYPE_RST_STREAM -> throw new ProtocolException("the target reset the stream");
            case TYPE_GOAWAY -> throw new ProtocolException("the target closed the session (GOAWAY)");
            case TYPE_DATA -> {
                keep(message, unpadded(payload, flags, 0));
                ended = (flags & END_STREAM) != 0;
            }
            case TYPE_HEADERS -> {
                keep(block, unpadded(payload, flags, (flags & PRIORITY) != 0 ? 5 : 0));
                lastHeaders = (flags & END_STREAM) != 0;
                decode(flags);
            }
            case TYPE_CONTINUATION -> {
                keep(block, payload);
                decode(flags);
            }
            default -> { }
        }
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

    private static void keep(ByteArrayOutputStream kept, byte[] bytes) throws IOException {
        if (kept.size() + bytes.length > MAX_KEPT) {
            throw new ProtocolException("the answer is too large");
        }
        kept.write(bytes);
    }

    private void decode(int flags) throws IOException {
        if ((flags & END_HEADERS) == 0) {
            return;
        }
        ended = lastHeaders;
        byte[] bytes = block.toByteArray();
        block.reset();
        Http2FrameHeader header = Http2FrameHeader.create(
                bytes.length, Http2FrameTypes.HEADERS, Http2Flag.HeaderFlags.create(Http2Flag.END_OF_HEADERS), 1);
        try {
            Http2Headers decoded = Http2Headers.create(
                    null, table, huffman, new Http2FrameData(header, BufferData.create(bytes)));
            httpStatus = decoded.status() == null ? httpStatus : decoded.status().code();
            Headers headers = decoded.httpHeaders();
            if (headers.contains(GRPC_STATUS)) {
                grpcStatus = headers.get(GRPC_STATUS).asInt().get();
            }
        } catch (RuntimeException malformed) {
            throw new ProtocolException("the headers of the answer are malformed: " + malformed.getMessage());
        }
    }
}
