package io.halite.appliance.scenario;

/** The smallest useful document: one listener whose requests all go to one pool, {@code app}. */
public final class Site {
    private Site() {}

    /** A site of these targets on a port of the node's address, with every default. */
    public static String document(int port, TestBackend... targets) {
        return document(port, "", targets);
    }

    /** A site with more settings of the load balancer, each a line such as {@code timeouts: { connect: 1s }}. */
    public static String document(int port, String settings, TestBackend... targets) {
        StringBuilder list = new StringBuilder();
        for (TestBackend target : targets) {
            list.append(list.isEmpty() ? "" : ", ").append('"').append(target.address()).append('"');
        }
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners: [ { name: web, address: "0.0.0.0:%d", protocol: http } ]
                    routes: [ { forward: app } ]
                %s
                pools:
                  app: { targets: [ %s ] }
                """.formatted(port, settings.indent(4).stripTrailing(), list);
    }
}
