package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;

/** What has an admin state, as the command line names it: a target, {@code pool/target}, or a node, {@code node/name}. */
sealed interface Subject {

    static Subject parse(String text) {
        TargetName name = TargetName.parse(text);
        // `node` is no name of a pool.
        return name.pool().equals("node") ? new OneNode(name.target()) : new OneTarget(name);
    }

    /** Its path in the API. */
    String path();

    /** A target. */
    record OneTarget(TargetName name) implements Subject {
        @Override
        public String path() {
            return name.path();
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    /** A node of the cluster. */
    record OneNode(String name) implements Subject {
        @Override
        public String path() {
            return "/nodes/" + AdminClient.segment(name);
        }

        @Override
        public String toString() {
            return "node/" + name;
        }
    }
}
