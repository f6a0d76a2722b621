package io.halite.proxy.tcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server name (SNI) out of the first message of a TLS client, from pieces of any size and records of any size.
 * It keeps no more than the message itself, looks at each byte once while it gathers them, and takes apart what is
 * complete. Strict in the framing (RFC 8446 §5.1, §4.1.2, §4.2), blind to everything that is the target's business.
 */
final class ClientHello {
    /** How far the message has come. */
    enum Progress { MORE, COMPLETE, NOT_TLS, BROKEN, TOO_LARGE }

    /** Room for a dozen post-quantum key shares. */
    static final int MAX_MESSAGE = 16 * 1024;

    private static final int RECORD_HEAD = 5;
    private static final int MAX_RECORD = 16 * 1024;
    private static final int HANDSHAKE = 22;
    private static final int MESSAGE_HEAD = 4;
    private static final int CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int MAX_SESSION_ID = 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;

    private final byte[] recordHead = new byte[RECORD_HEAD];
    private int recordHeadSize;
    /** Bytes of the present record that have not come. */
    private int recordLeft;
    private byte[] message = new byte[1024];
    private int size;
    private Progress progress = Progress.MORE;
    private @Nullable String serverName;

    /** Takes the next bytes of the connection; those behind the message are ignored. */
    Progress take(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && progress == Progress.MORE) {
            if (recordLeft == 0) {
                recordHead[recordHeadSize++] = bytes[at++];
                progress = examineRecordHead();
            } else {
                int count = Math.min(recordLeft, to - at);
                add(bytes, at, count);
                recordLeft -= count;
                at += count;
                progress = examineMessage();
            }
        }
        return progress;
    }

    /** The name that the client asks for, in lower case without a final dot; null when it names none. */
    @Nullable String serverName() {
        return serverName;
    }

    private Progress examineRecordHead() {
        boolean tls = recordHead[0] == HANDSHAKE && (recordHeadSize < 2 || recordHead[1] == 3);
        if (!tls) {
            return size == 0 ? Progress.NOT_TLS : Progress.BROKEN;
        }
        if (recordHeadSize == RECORD_HEAD) {
            recordHeadSize = 0;
            recordLeft = (recordHead[3] & 0xFF) << 8 | (recordHead[4] & 0xFF);
            return recordLeft == 0 || recordLeft > MAX_RECORD ? Progress.BROKEN : Progress.MORE;
        }
        return Progress.MORE;
    }

    private void add(byte[] bytes, int from, int count) {
        int kept = Math.min(count, MESSAGE_HEAD + MAX_MESSAGE - size);
        if (size + kept > message.length) {
            message = Arrays.copyOf(message, Math.max(size + kept, 2 * message.length));
        }
        System.arraycopy(bytes, from, message, size, kept);
        size += kept;
    }

    private Progress examineMessage() {
        if (message[0] != CLIENT_HELLO) {
            return Progress.BROKEN;
        }
        if (size < MESSAGE_HEAD) {
            return Progress.MORE;
        }
        int length = (message[1] & 0xFF) << 16 | (message[2] & 0xFF) << 8 | (message[3] & 0xFF);
        if (length > MAX_MESSAGE) {
            return Progress.TOO_LARGE;
        }
        if (size < MESSAGE_HEAD + length) {
            return Progress.MORE;
        }
        return new Fields(MESSAGE_HEAD, MESSAGE_HEAD + length).hello() ? Progress.COMPLETE : Progress.BROKEN;
    }

    /** A range of the message, read from its start. Reading past its end makes it wrong. */
    private final class Fields {
        private int at;
        private final int end;
        private boolean wrong;

        Fields(int start, int end) {
            at = start;
            this.end = end;
        }

        boolean hello() {
            skip(VERSION_AND_RANDOM);
            int session = number(1);
            skip(session);
            int suites = number(2);
            skip(suites);
            int compressions = number(1);
            skip(compressions);
            if (wrong || session > MAX_SESSION_ID || suites == 0 || suites % 2 != 0 || compressions == 0) {
                return false;
            }
            // RFC 5246 §7.4.1.2: a message without extensions is an old client's.
            return at == end || (part(number(2)).extensions() && isRead());
        }

        private boolean extensions() {
            while (at < end && !wrong) {
                int type = number(2);
                Fields extension = part(number(2));
                if (type == SERVER_NAME && (serverName != null || !extension.names())) {
                    return false;
                }
            }
            return isRead();
        }

        /** RFC 6066 §3: a list of names, of which one may be that of a host. */
        private boolean names() {
            Fields list = part(number(2));
            if (!isRead() || list.at == list.end) {
                return false;
            }
            while (list.at < list.end && !list.wrong) {
                int type = list.number(1);
                Fields name = list.part(list.number(2));
                if (type == HOST_NAME && (serverName != null || name.wrong || !name.hostName())) {
                    return false;
                }
            }
            return list.isRead();
        }

        private boolean hostName() {
            int length = end - at;
            if (length == 0 || length > MAX_NAME) {
                return false;
            }
            int kept = length > 1 && message[end - 1] == '.' ? length - 1 : length;
            serverName = new String(message, at, kept, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            return true;
        }

        private boolean isRead() {
            return !wrong && at == end;
        }

        private int number(int bytes) {
            int value = 0;
            int start = at;
            skip(bytes);
            for (int i = start; i < at; i++) {
                value = value << 8 | (message[i] & 0xFF);
            }
            return value;
        }

        private void skip(int bytes) {
            if (bytes > end - at) {
                wrong = true;
                at = end;
            } else {
                at += bytes;
            }
        }

        /** The next bytes as a range of their own. */
        private Fields part(int length) {
            int start = at;
            skip(length);
            Fields part = new Fields(start, at);
            part.wrong = wrong;
            return part;
        }
    }
}
