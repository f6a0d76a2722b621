package io.halite.appliance.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Requests to the admin API of one node. Trusts the CA of the cluster and no other. Everything that goes wrong is a
 * {@link CommandFailure} with its exit code.
 */
public final class AdminClient implements AutoCloseable {
    /** TLS included, which takes a node on a busy machine seconds. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    /** Longer than a node waits for a quorum before it gives up by itself. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final String API = "/api/v1";

    private final Endpoint endpoint;
    private final HttpClient http;

    public AdminClient(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT)
                .sslContext(trust(endpoint)).build();
    }

    /** The node that is asked. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** A name as one segment of a path. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads a path below {@code /api/v1} as JSON. */
    public Answer get(String path) {
        return get(path, "application/json");
    }

    /** Reads a path below {@code /api/v1} as this media type. */
    public Answer get(String path, String accept) {
        return send(request(path).GET().header("Accept", accept).build());
    }

    /** Sends JSON to a path below {@code /api/v1}. */
    public Answer post(String path, String json) {
        return send("POST", path, json, Map.of("Content-Type", "application/json"));
    }

    /** Sends a body to a path below {@code /api/v1}. */
    public Answer send(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Sends a body to a path below {@code /api/v1}. */
    public Answer send(String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).method(method, BodyPublishers.ofByteArray(body))
                .header("Accept", "application/json");
        headers.forEach(request::header);
        return send(request.build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url().resolve(API + path)).timeout(ANSWER_LIMIT);
        return endpoint.token().isEmpty() ? request : request.header("Authorization", "Bearer " + endpoint.token());
    }

    /** Asks for something that is no text. */
    public HttpResponse<byte[]> download(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.noBody()).header("Accept", "*/*");
        headers.forEach(request::header);
        return exchange(request.build());
    }

    /**
     * What happens from now on, after what there is to know at first.
     *
     * @param topics separated by commas
     * @param lastSeen the id of the last event that was seen, to go on behind it; empty for none
     */
    public EventStream watch(String topics, String lastSeen) {
        HttpRequest.Builder request = request("/watch?topics=" + topics).GET().header("Accept", "text/event-stream");
        HttpResponse<InputStream> response =
                exchange((lastSeen.isEmpty() ? request : request.header("Last-Event-ID", lastSeen)).build(),
                        BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 == 2) {
            return new EventStream(response.body());
        }
        try (InputStream body = response.body()) {
            throw Refusal.of(response.statusCode(), body.readAllBytes(), endpoint.token().isEmpty());
        } catch (IOException e) {
            throw unreachable(endpoint.url(), e);
        }
    }

    private Answer send(HttpRequest request) {
        HttpResponse<byte[]> response = exchange(request);
        String etag = response.headers().firstValue("ETag").orElse("");
        boolean stale = response.headers().firstValue("Halite-Stale").filter("true"::equals).isPresent();
        return new Answer(new String(response.body(), StandardCharsets.UTF_8), etag, stale);
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) {
        HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw Refusal.of(response.statusCode(), response.body(), endpoint.token().isEmpty());
        }
        return response;
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (IOException e) {
            throw unreachable(endpoint.url(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.FAILED, "interrupted", "");
        }
    }

    private static CommandFailure unreachable(URI url, IOException e) {
        String hint = "is the node running? 'halite run' starts one";
        return switch (e) {
            case HttpConnectTimeoutException timeout -> new CommandFailure(ExitCode.UNREACHABLE,
                    url + " does not answer within " + CONNECT_LIMIT.toSeconds() + " s", hint);
            case HttpTimeoutException timeout -> new CommandFailure(ExitCode.TIMED_OUT,
                    url + " gave no answer within " + ANSWER_LIMIT.toSeconds() + " s", "it may still be at work");
            case SSLException notTrusted -> new CommandFailure(ExitCode.UNREACHABLE,
                    url + " does not prove that it belongs to this cluster: " + notTrusted.getMessage(),
                    "give the cluster's CA by --ca, and an address that is in the node's certificate");
            case ConnectException refused -> new CommandFailure(ExitCode.UNREACHABLE, "cannot connect to " + url, hint);
            default -> new CommandFailure(ExitCode.UNREACHABLE, "cannot reach " + url + ": " + e.getMessage(), hint);
        };
    }

    private static SSLContext trust(Endpoint endpoint) {
        try (InputStream pem = Files.newInputStream(endpoint.ca())) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int index = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + index++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "cannot read the cluster's CA " + endpoint.ca(),
                    "copy it from a node's data directory and give it by --ca");
        } catch (GeneralSecurityException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, endpoint.ca() + " is no CA in PEM: " + e.getMessage(), "");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
