package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import io.halite.appliance.cli.client.Endpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every verb that asks a node. */
final class EndpointOptions {
    @Option(names = "--url", paramLabel = "URL", description = "Admin URL of any node (HALITE_URL).")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Bearer token (HALITE_TOKEN).")
    private @Nullable String token;

    @Option(names = "--ca", paramLabel = "FILE", description = "CA of the cluster in PEM (HALITE_CA).")
    private @Nullable String ca;

    @Option(names = "--data", paramLabel = "DIR",
            description = "Data directory of a local node, whose URL, CA and token are used (HALITE_DATA; default "
                    + Endpoint.DEFAULT_DATA + ").")
    private @Nullable String data;

    /** A client of the node that these options, the environment and the data directory name. */
    AdminClient open() {
        return new AdminClient(Endpoint.find(new Endpoint.Given(url, token, ca, data), System.getenv()));
    }
}
