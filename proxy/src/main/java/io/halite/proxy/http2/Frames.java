package io.halite.proxy.http2;

/** Numbers of RFC 9113, sections 4, 6 and 6.5.2. */
final class Frames {
    static final int HEAD = 9;
    static final int MAX_PAYLOAD = 16 * 1024;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int FLAG_END_STREAM = 1;
    static final int FLAG_ACK = 1;
    static final int FLAG_END_HEADERS = 4;
    static final int FLAG_PADDED = 8;
    static final int FLAG_PRIORITY = 0x20;

    static final int SETTING_ENABLE_PUSH = 2;
    static final int SETTING_MAX_STREAMS = 3;
    static final int SETTING_INITIAL_WINDOW = 4;
    static final int SETTING_MAX_FRAME = 5;
    static final int SETTING_MAX_HEADER_LIST = 6;
    /** RFC 8441 §3. */
    static final int SETTING_CONNECT_PROTOCOL = 8;

    static final int INITIAL_WINDOW = 65_535;

    private Frames() {}

    static int number(byte[] bytes, int at, int size) {
        int value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | (bytes[at + i] & 0xFF);
        }
        return value;
    }
}
