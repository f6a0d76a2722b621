package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.CommandFailure;
import io.halite.appliance.cli.client.Endpoint;
import io.halite.appliance.cli.client.ExitCode;
import io.halite.config.Ticker;
import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "join", description = {"Makes the running node of this machine a member of another cluster.",
        "The node must be unclaimed, or a cluster of one without a config; it starts anew by itself."})
final class JoinCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    @Parameters(paramLabel = "PEER", description = "Any member of that cluster: host, or host:admin-port.")
    private String peer = "";

    @Option(names = "--token", paramLabel = "TOKEN",
            description = "The join token, from 'halite token create' on a member (HALITE_JOIN_TOKEN).")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the join token.")
    private @Nullable Path tokenFile;

    @Option(names = "--code", paramLabel = "CODE",
            description = "The setup code of an unclaimed node (default: the one in its data directory).")
    private @Nullable String code;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory of the node (HALITE_DATA; default "
            + Endpoint.DEFAULT_DATA + ").")
    private @Nullable String data;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        String joinToken = joinToken();
        try (AdminClient client = client()) {
            if (client.get("/setup").fields().isTrue("claimed")) {
                client.post("/cluster:join", body(joinToken, null));
            } else {
                client.post("/setup:join", body(joinToken, code == null ? localCode() : code));
            }
        }
        String cluster = awaitMember();
        out.println("joined the cluster " + cluster + " by " + peer);
        out.flush();
        return ExitCode.OK.number();
    }

    private AdminClient client() {
        return new AdminClient(Endpoint.find(new Endpoint.Given(null, null, null, path().toString()), System.getenv()));
    }

    private Path path() {
        String environment = System.getenv("HALITE_DATA");
        return Path.of(data != null ? data : environment == null || environment.isEmpty() ? Endpoint.DEFAULT_DATA
                : environment);
    }

    private String joinToken() {
        if (token != null) {
            return token;
        }
        if (tokenFile != null) {
            return PassphraseOption.firstLine(tokenFile);
        }
        String environment = System.getenv("HALITE_JOIN_TOKEN");
        if (environment != null && !environment.isEmpty()) {
            return environment;
        }
        throw new CommandFailure(ExitCode.USAGE, "joining needs a join token",
                "make one with 'halite token create' on a member and give it by --token or HALITE_JOIN_TOKEN");
    }

    private String body(String joinToken, @Nullable String setupCode) {
        Tree.MappingBuilder body = Tree.mapping().put("peer", peer).put("token", joinToken);
        if (setupCode != null) {
            body.put("code", setupCode);
        }
        return TreeText.json(body.build());
    }

    private String localCode() {
        Path file = path().resolve("setup.code");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.NOT_AUTHORIZED, "cannot read the setup code in " + file,
                    "run the command as the user of the node, or give the code that its console shows by --code");
        }
    }

    /** The node starts anew with another certificate, port and token; it is there once it answers as a member. */
    private String awaitMember() {
        long end = Ticker.SYSTEM.nanos() + LIMIT.toNanos();
        String why = "it is still alone";
        while (Ticker.SYSTEM.nanos() - end < 0) {
            try (AdminClient client = client()) {
                boolean several = client.get("/nodes").fields().list("nodes").size() > 1;
                if (several) {
                    return client.get("/status").fields().object("cluster").text("id");
                }
            } catch (CommandFailure notYet) {
                why = String.valueOf(notYet.getMessage());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new CommandFailure(ExitCode.TIMED_OUT, "the node was let in, but is no member after " + LIMIT.toSeconds()
                + " s: " + why, "'halite status' on the peer tells more");
    }
}
