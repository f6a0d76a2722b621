package io.halite.admin.http;

import io.halite.config.document.Addresses;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http2.Http2Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/** The HTTPS socket (HTTP/1.1 and HTTP/2) in front of a {@link FrontDoor}. Safe for use by many threads. */
public final class HttpsListener implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 1_024;
    private static final int MAX_REQUESTS = 1_024;
    private static final int MAX_HEADER_BYTES = 32 << 10;
    private static final int MAX_STREAMS = 100;
    /** Above what any operation reads and what is read to be polite to a client that sends more. */
    private static final long MAX_BODY = 128L << 20;
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final WebServer server;

    private HttpsListener(WebServer server) {
        this.server = server;
    }

    /**
     * Opens the socket.
     *
     * @throws IOException when the address cannot be had; the message names it
     */
    public static HttpsListener open(InetAddress address, int port, SSLContext tls, FrontDoor door) throws IOException {
        probe(address, port);
        WebServer server = WebServer.builder()
                .address(address).port(port)
                .tls(Tls.builder().sslContext(tls).build())
                .shutdownHook(false)
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES).maxPrologueLength(8 << 10).build())
                .addProtocol(Http2Config.builder().maxHeaderListSize(MAX_HEADER_BYTES)
                        .maxConcurrentStreams(MAX_STREAMS).build())
                .maxTcpConnections(MAX_CONNECTIONS).maxConcurrentRequests(MAX_REQUESTS)
                .maxPayloadSize(MAX_BODY).idleConnectionTimeout(IDLE).shutdownGracePeriod(GRACE)
                .contentEncoding(encoding -> encoding.contentEncodingsDiscoverServices(false))
                .directHandlers(directHandlers())
                .routing(routing -> routing.any(door))
                .build();
        try {
            return new HttpsListener(server.start());
        } catch (RuntimeException e) {
            throw new IOException(
                    Addresses.text(new InetSocketAddress(address, port)) + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Proves that the port is free, since the server wraps the failure in others. */
    private static void probe(InetAddress address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (BindException e) {
            BindException named = new BindException(
                    Addresses.text(new InetSocketAddress(address, port)) + " cannot be opened: " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType event : EventType.values()) {
            handlers.addHandler(event, (request, type, status, headers, message) -> {
                boolean encoded = type == EventType.BAD_REQUEST && request.headers().contains(HeaderNames.CONTENT_ENCODING);
                int code = encoded ? 415 : status.code();
                String text = encoded ? "encoded bodies are not read"
                        : type == EventType.INTERNAL_ERROR || message == null ? "the request could not be read" : message;
                DirectHandler.TransportResponse.Builder response = DirectHandler.TransportResponse.builder()
                        .status(Status.create(code)).headers(headers).keepAlive(type.keepAlive());
                FrontDoor.SECURITY_HEADERS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
                return response.header(HeaderNames.CONTENT_TYPE, ProblemBody.CONTENT_TYPE)
                        .entity(FrontDoor.malformed(code, text, UUID.randomUUID().toString())).build();
            });
        }
        return handlers.build();
    }

    /** The real port. */
    public int port() {
        return server.port();
    }

    /** Waits a moment for requests under way, then closes everything. */
    @Override
    public void close() {
        server.stop();
    }
}
