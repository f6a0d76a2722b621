package io.halite.admin.http;

import io.halite.config.document.Addresses;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request as Helidon hands it over. */
final class HttpHead implements Call.Head {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    private final ServerRequest request;
    private final String path;
    private final String requestId;
    /** Helidon hands it out once. */
    private @Nullable InputStream body;

    HttpHead(ServerRequest request) {
        this.request = request;
        this.path = request.path().path();
        String given = header("Halite-Request-Id");
        this.requestId = given != null && REQUEST_ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query(String name) {
        if (!request.query().contains(name)) {
            return null;
        }
        List<String> values = request.query().all(name, List::of);
        return values.isEmpty() ? "" : values.getFirst();
    }

    @Override
    public @Nullable String header(String name) {
        HeaderName header = HeaderNames.create(name);
        return request.headers().contains(header) ? request.headers().get(header).get() : null;
    }

    @Override
    public String source() {
        return request.remotePeer().address() instanceof InetSocketAddress address && address.getAddress() != null
                ? Addresses.text(address.getAddress()) : request.remotePeer().host();
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public long contentLength() {
        if (!request.content().hasEntity()) {
            return 0;
        }
        return request.headers().contentLength().orElse(-1);
    }

    /**
     * Reads what is left of the body, within reason: a client that is still sending would not see an answer. One that
     * waits for permission to send is not given it.
     */
    void drain(long limit) {
        if (!request.content().hasEntity() || request.content().consumed() || contentLength() > limit
                || (header("Expect") != null && !request.continueSent())) {
            return;
        }
        byte[] buffer = new byte[16 << 10];
        long left = limit;
        try {
            for (int read = 0; read >= 0 && left > 0; left -= read) {
                read = body().read(buffer);
            }
        } catch (IOException | UncheckedIOException | IllegalStateException cutOff) {
            // Then there is nothing left to read.
        }
    }

    @Override
    public InputStream body() {
        InputStream opened = body == null ? request.content().inputStream() : body;
        body = opened;
        return opened;
    }
}
