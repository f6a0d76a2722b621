package io.halite.admin.http;

import io.halite.admin.access.AuditLog;
import io.halite.admin.access.Caller;
import io.halite.admin.access.Gate;
import io.halite.admin.access.Gate.Admission;
import io.halite.admin.http.Answer.Body;
import io.halite.admin.http.Endpoint.Table;
import io.halite.config.Ticker;
import io.halite.config.limit.Allowance;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every request comes in here: it is authenticated, checked against the role of its endpoint, handled, answered with
 * the same headers and error bodies as all others, and audited. Safe for use by many threads.
 */
public final class FrontDoor implements Handler {
    private static final System.Logger LOGGER = System.getLogger(FrontDoor.class.getName());
    /** Of the rest of a body that nobody wants; less for a stranger. */
    private static final long MAX_DRAINED = 64L << 20;
    /** What a stranger's request counts for: its socket and TLS cost something too, and to wait for a client is no work. */
    private static final long LEAST_NANOS = 300_000;
    private static final long MOST_NANOS = 5_000_000;
    private static final String PROTECTED = "/api/";
    /** On every answer; the page's own policy replaces the first on its files. */
    static final Map<String, String> SECURITY_HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cache-Control", "no-store");

    private final Table table;
    private final Gate gate;
    private final AuditLog audit;
    private final BooleanSupplier stale;
    private final InstantSource time;
    private final Ticker ticker;
    private final Allowance strangers;

    /**
     * A door to these endpoints.
     *
     * @param stale whether what this node knows may be behind the cluster
     */
    public FrontDoor(Table table, Gate gate, AuditLog audit, BooleanSupplier stale, InstantSource time,
            Ticker ticker) {
        this.table = table;
        this.gate = gate;
        this.audit = audit;
        this.stale = stale;
        this.time = time;
        this.ticker = ticker;
        strangers = new Allowance(ticker);
    }

    /** A request on its way through. Confined to its thread. */
    private static final class Passage {
        final HttpHead head;
        final Instant start;
        @Nullable Caller caller;
        boolean audited;
        @Nullable Call call;

        Passage(HttpHead head, Instant start) {
            this.head = head;
            this.start = start;
        }
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        long began = ticker.nanos();
        Passage passage = new Passage(new HttpHead(request), time.instant());
        Format format = Format.accepted(passage.head.header("Accept"));
        Answer answer;
        try {
            answer = pass(passage, format);
        } catch (ApiProblem problem) {
            answer = problem(problem, passage.head.requestId());
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "request failed by a bug method=" + passage.head.method()
                    + " path=" + passage.head.path() + " requestId=" + passage.head.requestId(), e);
            answer = problem(ApiProblem.of(500, "INTERNAL_ERROR", "the request failed by a bug of Halite",
                    "the log of this node tells more under the request id"), passage.head.requestId());
        }
        audit(passage, answer);
        if (answer.status() >= 400) {
            passage.head.drain(passage.caller == null ? MAX_DRAINED / 64 : MAX_DRAINED);
        }
        send(passage.head, answer, format, response);
        if (passage.caller == null) {
            LockSupport.parkNanos(strangers.take(Math.clamp(ticker.nanos() - began, LEAST_NANOS, MOST_NANOS)));
        }
    }

    private Answer pass(Passage passage, @Nullable Format format) {
        HttpHead head = passage.head;
        Table.Match match = table.find(head.method(), head.path());
        boolean open = match == null ? !head.path().startsWith(PROTECTED) : match.endpoint().role() == null;
        if (!open) {
            passage.caller = authenticated(passage);
        }
        if (match == null) {
            throw unknown(head);
        }
        Endpoint endpoint = match.endpoint();
        boolean writes = endpoint.effect() == Endpoint.Effect.WRITES;
        passage.audited = writes;
        if (passage.caller != null && endpoint.role() != null && !passage.caller.role().includes(endpoint.role())) {
            passage.audited = true;
            throw ApiProblem.of(403, "ROLE_TOO_LOW", "the role " + passage.caller.role().key()
                    + " may not do this", "it takes a token of role " + endpoint.role().key());
        }
        if (writes && format == null) {
            throw notAcceptable();
        }
        Call call = new Call(head, match.variables(), passage.caller, passage.start);
        passage.call = call;
        Answer answer = endpoint.handler().handle(call);
        if (answer.body() instanceof Body.Value && format == null) {
            throw notAcceptable();
        }
        return answer;
    }

    private Caller authenticated(Passage passage) {
        return switch (gate.admit(passage.head.header("Authorization"), passage.head.source())) {
            case Admission.Known(Caller caller) -> caller;
            case Admission.Missing ignored -> throw unauthorized("LOGIN_REQUIRED", "this needs a login",
                    "send Authorization: Bearer TOKEN; the first token is in admin.token of the node's data directory");
            case Admission.Wrong ignored -> {
                passage.audited = true;
                throw unauthorized("WRONG_TOKEN", "the token is not known here, or no longer", "");
            }
            case Admission.TooMany ignored -> throw ApiProblem.of(429, "TOO_MANY_FAILURES",
                    "too many wrong tokens came from " + passage.head.source(), "a right one is taken at any time")
                    .with("Retry-After", "6");
            case Admission.Unclaimed ignored -> throw ApiProblem.of(409, "UNCLAIMED", "this node belongs to no cluster yet",
                    "POST /api/v1/setup:create or :join with the setup code of its console, or on its machine:"
                            + " halite join PEER --token TOKEN");
        };
    }

    private static ApiProblem unauthorized(String code, String message, String hint) {
        return ApiProblem.of(401, code, message, hint).with("WWW-Authenticate", "Bearer realm=\"halite\"");
    }

    private ApiProblem unknown(HttpHead head) {
        List<String> methods = table.methods(head.path());
        if (methods.isEmpty()) {
            return ApiProblem.of(404, "NO_SUCH_PATH", "there is nothing at " + head.path(),
                    "GET /api/v1/openapi.yaml lists what there is");
        }
        String allowed = String.join(", ", methods) + (methods.contains("GET") ? ", HEAD" : "");
        return ApiProblem.of(405, "METHOD_NOT_ALLOWED", head.path() + " has no " + head.method(), "allowed: " + allowed)
                .with("Allow", allowed);
    }

    private static ApiProblem notAcceptable() {
        return ApiProblem.of(406, "NOT_ACCEPTABLE", "the answer is JSON or YAML",
                "send Accept: application/json or application/yaml");
    }

    private static Answer problem(ApiProblem problem, String requestId) {
        return new Answer(problem.status(), problem.headers(),
                new Body.Text(ProblemBody.CONTENT_TYPE, ProblemBody.of(problem, requestId)));
    }

    private void audit(Passage passage, Answer answer) {
        HttpHead head = passage.head;
        LOGGER.log(System.Logger.Level.DEBUG, () -> "request method=" + head.method() + " path=" + head.path()
                + " status=" + answer.status() + " source=" + head.source() + " requestId=" + head.requestId());
        if (passage.audited) {
            Caller caller = passage.caller;
            audit.add(new AuditLog.Entry(passage.start, caller == null ? "" : caller.name(),
                    caller == null ? "" : caller.tokenId(), head.source(), head.method(), head.path(), answer.status(),
                    passage.call == null ? "" : passage.call.shownReason(), head.requestId()));
        }
    }

    private void send(HttpHead head, Answer answer, @Nullable Format format, ServerResponse response) {
        response.status(Status.create(answer.status()));
        SECURITY_HEADERS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.header("Halite-Request-Id", head.requestId());
        if (head.method().equals("GET") && head.path().startsWith(PROTECTED) && stale.getAsBoolean()) {
            response.header("Halite-Stale", "true");
        }
        answer.headers().forEach((name, value) -> response.headers().set(HeaderNames.create(name), value));
        boolean bodiless = head.method().equals("HEAD");
        switch (answer.body()) {
            case Body.Value(var tree) -> {
                Format chosen = format == null ? Format.JSON : format;
                text(response, chosen.contentType(), chosen.text(tree), bodiless);
            }
            case Body.Text(String type, String text) -> text(response, type, text, bodiless);
            case Body.Stream(String type, Answer.Writer writer) -> stream(response, type, writer, bodiless);
            case Body.Empty ignored -> response.send();
        }
    }

    private static void text(ServerResponse response, String type, String text, boolean bodiless) {
        response.header(HeaderNames.CONTENT_TYPE, type);
        if (bodiless) {
            response.send();
        } else {
            response.send(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void stream(ServerResponse response, String type, Answer.Writer writer, boolean bodiless) {
        response.header(HeaderNames.CONTENT_TYPE, type);
        if (bodiless) {
            response.send();
            return;
        }
        try (OutputStream out = response.outputStream()) {
            writer.writeTo(out);
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "stream ended by the client cause=" + e);
        }
    }

    /** The answer to a request that is no HTTP, in the same form as every other. */
    public static String malformed(int status, String message, String requestId) {
        String code = switch (status) {
            case 413 -> "BODY_TOO_LARGE";
            case 415 -> "UNSUPPORTED_MEDIA_TYPE";
            case 503 -> "TOO_MANY_REQUESTS";
            default -> "MALFORMED_REQUEST";
        };
        return ProblemBody.of(ApiProblem.of(status, code, message, ""), requestId);
    }
}
