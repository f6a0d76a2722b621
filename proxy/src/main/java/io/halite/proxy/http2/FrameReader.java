package io.halite.proxy.http2;

import io.halite.proxy.http2.HpackDecoder.Fields;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;

/**
 * Cuts what a peer sends into frames, and refuses those that are malformed by themselves (RFC 9113 §4 and §6). What a frame
 * means to its stream or its connection is the handler's to say. Confined to one connection.
 */
final class FrameReader {
    private static final int READ = 16 * 1024;
    private static final int STREAM_IDS = 0x7FFF_FFFF;
    /** Pseudo-header fields, which no limit of a listener counts. */
    private static final int PSEUDO_FIELDS = 5;

    private final Handler handler;
    private final HeldBytes input;
    private final HeaderBlock block;
    private final HpackDecoder decoder = new HpackDecoder();
    private boolean settled;

    /** What becomes of frames. */
    interface Handler {

        /** Whether the next frame may come: there is room for an answer. */
        boolean goesOn();

        /** How long the fields of a message may be together. */
        int maxFieldBytes();

        /** How many fields a message may have. */
        int maxFields();

        /** Content of a stream; {@code padding} octets of the frame besides counted against the windows. */
        void data(int stream, byte[] bytes, int from, int to, int padding, boolean last) throws Http2Problem;

        /** The fields of a whole header block. */
        void fields(int stream, Fields fields, boolean last) throws Http2Problem;

        /** Settings of the peer. */
        void settings(byte[] bytes, int start, int length) throws Http2Problem;

        /** A ping, of eight octets in two numbers. */
        void ping(int high, int low) throws Http2Problem;

        /** The answer to a ping of ours. */
        void pong();

        void reset(int stream, int code) throws Http2Problem;

        void windowUpdate(int stream, int by) throws Http2Problem;

        /** The peer takes no more streams; those behind the last one were not looked at. */
        void goAway(int lastStream);

        /** A frame that says nothing to us. */
        void needless() throws Http2Problem;
    }

    /** A reader of a new connection. */
    FrameReader(Handler handler, Connection wire) {
        this.handler = handler;
        input = new HeldBytes(wire.loop().buffers());
        block = new HeaderBlock(wire.loop().buffers());
    }

    /** Bytes that were read before. */
    void add(byte[] bytes, int from, int to) {
        input.add(bytes, from, to);
    }

    /** Reads more; the result is that of the read. */
    int readFrom(Connection wire) {
        return input.readFrom(wire, READ);
    }

    /** Whether part of a frame or of a header block is still to come. */
    boolean isMidway() {
        return block.isOpen() || !input.isEmpty();
    }

    /** Whether the peer's first frame came. */
    boolean isSettled() {
        return settled;
    }

    void clear() {
        input.clear();
        block.clear();
    }

    /** Hands over the whole frames at hand; whether there were any. */
    boolean work() throws Http2Problem {
        boolean progress = false;
        while (input.size() >= Frames.HEAD && handler.goesOn()) {
            byte[] bytes = input.bytes();
            int at = input.start();
            int length = Frames.number(bytes, at, 3);
            Http2Problem.size(length <= Frames.MAX_PAYLOAD);
            if (input.size() < Frames.HEAD + length) {
                break;
            }
            frame(bytes, at, length);
            progress = true;
            if (!input.isEmpty()) {
                input.usedUpTo(at + Frames.HEAD + length);
            }
        }
        return progress;
    }

    private void frame(byte[] bytes, int at, int length) throws Http2Problem {
        int type = bytes[at + 3] & 0xFF;
        int flags = bytes[at + 4] & 0xFF;
        int stream = Frames.number(bytes, at + 5, 4) & STREAM_IDS;
        int start = at + Frames.HEAD;
        Http2Problem.check(settled || type == Frames.SETTINGS, "no settings first");
        Http2Problem.check(!block.isOpen() || (type == Frames.CONTINUATION && stream == block.stream()),
                "a header block cut in two");
        switch (type) {
            case Frames.DATA -> data(bytes, start, length, flags, stream);
            case Frames.HEADERS -> {
                Http2Problem.check(stream % 2 == 1, "a stream that nobody may begin");
                block.begin(bytes, start, length, flags, stream);
                blockCame();
            }
            case Frames.CONTINUATION -> {
                Http2Problem.check(block.isOpen(), "a continuation of nothing");
                block.more(bytes, start, length, flags);
                blockCame();
            }
            case Frames.SETTINGS -> settings(bytes, start, length, flags, stream);
            case Frames.PING -> ping(bytes, start, length, flags, stream);
            case Frames.RST_STREAM -> {
                Http2Problem.size(length == 4);
                Http2Problem.check(stream != 0, "a reset of no stream");
                handler.reset(stream, Frames.number(bytes, start, 4));
            }
            case Frames.WINDOW_UPDATE -> {
                Http2Problem.size(length == 4);
                handler.windowUpdate(stream, Frames.number(bytes, start, 4) & STREAM_IDS);
            }
            case Frames.GOAWAY -> {
                Http2Problem.size(length >= 8);
                Http2Problem.check(stream == 0, "a farewell of a stream");
                handler.goAway(Frames.number(bytes, start, 4) & STREAM_IDS);
            }
            case Frames.PRIORITY -> {
                Http2Problem.size(length == 5);
                Http2Problem.check(stream != 0, "a priority of nothing");
                handler.needless();
            }
            case Frames.PUSH_PROMISE -> throw new Http2Problem(Http2Problem.PROTOCOL_ERROR, "a push that nobody allowed");
            default -> handler.needless();
        }
    }

    private void data(byte[] bytes, int start, int length, int flags, int stream) throws Http2Problem {
        Http2Problem.check(stream != 0, "content of no stream");
        boolean padded = (flags & Frames.FLAG_PADDED) != 0;
        int padding = padded && length > 0 ? 1 + (bytes[start] & 0xFF) : 0;
        Http2Problem.check(padding <= length && (!padded || length > 0), "more padding than frame");
        int from = padded ? start + 1 : start;
        handler.data(stream, bytes, from, from + length - padding, padding, (flags & Frames.FLAG_END_STREAM) != 0);
    }

    private void blockCame() throws Http2Problem {
        if (block.isWhole()) {
            Fields fields = decoder.decode(
                    block.bytes(), 0, block.size(), handler.maxFieldBytes(), handler.maxFields() + PSEUDO_FIELDS);
            int stream = block.stream();
            block.close();
            handler.fields(stream, fields, block.endsStream());
        }
    }

    private void settings(byte[] bytes, int start, int length, int flags, int stream) throws Http2Problem {
        Http2Problem.check(stream == 0, "settings of a stream");
        if ((flags & Frames.FLAG_ACK) != 0) {
            Http2Problem.check(settled, "settings accepted before any were sent");
            Http2Problem.size(length == 0);
            return;
        }
        settled = true;
        handler.settings(bytes, start, length);
    }

    private void ping(byte[] bytes, int start, int length, int flags, int stream) throws Http2Problem {
        Http2Problem.check(stream == 0, "a ping of a stream");
        Http2Problem.size(length == 8);
        if ((flags & Frames.FLAG_ACK) != 0) {
            handler.pong();
        } else {
            handler.ping(Frames.number(bytes, start, 4), Frames.number(bytes, start + 4, 4));
        }
    }
}
