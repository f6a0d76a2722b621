package io.halite.proxy.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** One end of a TCP connection that a test holds in its hands: a client's, or a target's. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;

    /** Takes a connected socket, of TCP or of TLS. */
    public Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port of this machine. */
    public static Wire to(int port) throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A head of these lines, with its empty line. */
    public static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Sends text, one octet per character. */
    public Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends a request and reads its response. */
    public Message ask(String request) throws IOException {
        return send(request).response();
    }

    public Message response() throws IOException {
        return Message.response(in, false);
    }

    /** The response to a HEAD request. */
    public Message headResponse() throws IOException {
        return Message.response(in, true);
    }

    public Message request() throws IOException {
        return Message.request(in);
    }

    /** Reads a head and nothing behind it. */
    public String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            String next = read(1);
            if (next.isEmpty()) {
                throw new IOException("the peer ended within its head: " + head);
            }
            head.append(next);
        }
        return head.toString();
    }

    /** Reads so many octets. */
    public String read(int octets) throws IOException {
        return new String(in.readNBytes(octets), StandardCharsets.ISO_8859_1);
    }

    /** Reads until the peer ends. */
    public String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the peer ended, in whatever way, without another octet. */
    public boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return !(reset instanceof java.net.SocketTimeoutException);
        }
    }

    /** Whether the peer ends, in whatever way, after whatever it sends before. */
    public boolean ends() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException reset) {
            return !(reset instanceof java.net.SocketTimeoutException);
        }
    }

    /** Whether something has come. */
    public boolean hasInput() throws IOException {
        return in.available() > 0;
    }

    /** Sends no more, but still reads. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Makes the receive buffer small, so that the peer soon feels a reader that does not read. */
    public Wire withSmallBuffer() throws IOException {
        socket.setReceiveBufferSize(4096);
        return this;
    }

    public InputStream in() {
        return in;
    }

    /** The TLS session of the socket; without TLS there is none. */
    public SSLSession session() {
        return ((SSLSocket) socket).getSession();
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
