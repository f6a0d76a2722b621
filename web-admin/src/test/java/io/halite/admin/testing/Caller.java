package io.halite.admin.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;

/** Sends requests to an admin server over HTTPS. */
public record Caller(HttpClient http, int port, String token) {

    /** A GET with these headers, in pairs of name and value. */
    public Reply get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    /** A POST of JSON. */
    public Reply post(String path, String json, String... headers) {
        return send("POST", path, json, with(headers, "Content-Type", "application/json"));
    }

    /** A PUT of YAML on any revision. */
    public Reply put(String path, String yaml, String... headers) {
        return send("PUT", path, yaml, with(with(headers, "Content-Type", "application/yaml"), "If-Match", "*"));
    }

    /** Any request; a header that is given twice takes its first value. */
    public Reply send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = request(path)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = headers.length - 2; i >= 0; i -= 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    /** A request to be completed. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(2));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** Sends a request. */
    public Reply send(HttpRequest request) {
        try {
            return new Reply(http.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String[] with(String[] headers, String name, String value) {
        String[] more = Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return more;
    }
}
