package io.halite.proxy.http2;

/** What the peer set, RFC 9113 §6.5.2, as far as it binds what we send. Confined to one connection. */
final class PeerSettings {
    private static final int ENTRY = 6;

    private int initialWindow = Frames.INITIAL_WINDOW;
    private int maxStreams = Integer.MAX_VALUE;

    /** The window of a stream that begins now. */
    int initialWindow() {
        return initialWindow;
    }

    /** The streams of ours that may be open at once. */
    int maxStreams() {
        return maxStreams;
    }

    /** Takes the payload of a SETTINGS frame. */
    void read(byte[] bytes, int start, int length) throws Http2Problem {
        Http2Problem.size(length % ENTRY == 0);
        for (int at = start; at < start + length; at += ENTRY) {
            int value = Frames.number(bytes, at + 2, 4);
            switch (Frames.number(bytes, at, 2)) {
                case Frames.SETTING_ENABLE_PUSH -> Http2Problem.check(value == 0 || value == 1, "neither push nor no push");
                case Frames.SETTING_INITIAL_WINDOW -> {
                    Http2Problem.window(value >= 0);
                    initialWindow = value;
                }
                case Frames.SETTING_MAX_STREAMS -> maxStreams = value < 0 ? Integer.MAX_VALUE : value;
                case Frames.SETTING_MAX_FRAME ->
                        Http2Problem.check(value >= Frames.MAX_PAYLOAD && value < 1 << 24, "a frame size that cannot be");
                default -> { }
            }
        }
    }
}
