package io.halite.dns.transport;

import io.halite.dns.serve.FastPath;
import io.halite.dns.serve.SharedPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** One TCP connection and the thread that serves it. */
final class StreamConnection {
    private static final System.Logger LOGGER = System.getLogger(StreamConnection.class.getName());
    /** Responses are written together up to this size. */
    private static final int FLUSH_AT = 16 * 1024;
    /** No query has more, with every option and signature there is; room for more would be memory for the asking. */
    private static final int LONGEST_QUERY = 4096;

    private final Socket socket;
    private final StreamServer server;
    private final InetAddress client;
    private final ResponseBuffer responses = new ResponseBuffer();
    private volatile long lastProgress;
    /** When the last bytes came. */
    private long workingSince;
    /** How long it has waited since then for its responses to be taken. */
    private long waited;
    private byte[] input = new byte[1024];
    private int from;
    private int to;

    StreamConnection(Socket socket, StreamServer server) {
        this.socket = socket;
        this.server = server;
        client = socket.getInetAddress();
        lastProgress = server.now();
        workingSince = lastProgress;
    }

    InetAddress client() {
        return client;
    }

    /** When it last asked a whole query or took a response; single bytes are no progress. */
    long lastProgress() {
        return lastProgress;
    }

    void serve() {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            SharedPath path = server.path();
            while (awaitBytes(in, out, 2)) {
                int length = (input[from] & 0xFF) << 8 | (input[from + 1] & 0xFF);
                if (length > LONGEST_QUERY || !awaitBytes(in, out, 2 + length)) {
                    break;
                }
                lastProgress = server.now();
                int query = from + 2;
                from += 2 + length;
                if (path.answerStream(input, query, length, client, responses::add) == FastPath.SLOW) {
                    answerSlowly(Arrays.copyOfRange(input, query, query + length), out);
                }
                if (responses.size() > FLUSH_AT) {
                    flush(out);
                }
            }
            flush(out);
        } catch (IOException e) {
            LOGGER.log(Level.TRACE, "dns connection ended", e);
        } catch (RuntimeException | Error e) {
            server.faults().survive(e);
        } finally {
            server.leave(this);
        }
    }

    private void answerSlowly(byte[] query, OutputStream out) throws IOException {
        server.slowPath().answer(query, client, true, response -> {
            responses.add(response);
            if (responses.size() > FLUSH_AT) {
                flush(out);
            }
        });
    }

    /** Waits for so many unread bytes, after what was answered has gone out and is settled. False at the end. */
    private boolean awaitBytes(InputStream in, OutputStream out, int count) throws IOException {
        while (to - from < count) {
            flush(out);
            settle();
            makeRoom(count);
            int read = in.read(input, to, input.length - to);
            workingSince = server.now();
            if (read < 0) {
                return false;
            }
            to += read;
        }
        return true;
    }

    private void settle() {
        long wait = server.allowance().take(server.now() - workingSince - waited);
        waited = 0;
        if (wait > 0) {
            LockSupport.parkNanos(wait);
        }
    }

    private void makeRoom(int count) {
        if (from > 0) {
            System.arraycopy(input, from, input, 0, to - from);
            to -= from;
            from = 0;
        }
        if (input.length < count) {
            input = Arrays.copyOf(input, Math.max(count, LONGEST_QUERY));
        }
    }

    private void flush(OutputStream out) throws IOException {
        if (responses.size() > 0) {
            long before = server.now();
            responses.writeTo(out);
            lastProgress = server.now();
            waited += lastProgress - before;
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOGGER.log(Level.TRACE, "dns connection not closed", e);
        }
    }
}
