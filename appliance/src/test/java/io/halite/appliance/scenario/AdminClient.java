package io.halite.appliance.scenario;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads a node's admin API from within the test. Waiting by the command line costs a JVM per look; this costs a
 * request.
 */
final class AdminClient {
    private static final Map<String, HttpClient> BY_CA = new ConcurrentHashMap<>();

    private final HttpClient http;
    private final String url;
    private final String token;

    private AdminClient(HttpClient http, String url, String token) {
        this.http = http;
        this.url = url;
        this.token = token;
    }

    /** A client with the node's own CA, URL and admin token. */
    static AdminClient of(NodeProcess node) throws IOException {
        HttpClient http = BY_CA.computeIfAbsent(Files.readString(Path.of(node.ca())), AdminClient::trusting);
        return new AdminClient(http, node.url(), Files.readString(node.data().resolve("admin.token")).strip());
    }

    /** The object at this path; empty when the node does not answer with 200. */
    Optional<Json> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token).header("Accept", "application/json").build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(Json.of(response.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static HttpClient trusting(String ca) {
        try (InputStream pem = new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII))) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return HttpClient.newBuilder().sslContext(context).connectTimeout(Duration.ofSeconds(60)).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("cannot trust " + ca, e);
        }
    }
}
