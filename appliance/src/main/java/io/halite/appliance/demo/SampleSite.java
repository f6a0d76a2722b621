package io.halite.appliance.demo;

import io.halite.appliance.cli.client.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The document of the demo, and what to try with it. Stateless. */
final class SampleSite {
    private SampleSite() {}

    /** Two pools and a canary behind one listener. */
    static String document(int port, List<SampleBackend> backends) {
        Map<String, String> addresses =
                backends.stream().collect(Collectors.toMap(SampleBackend::name, SampleBackend::address));
        return """
                apiVersion: halite/v1
                loadBalancers:
                  shop:
                    listeners:
                      - { name: web, address: "0.0.0.0:%d", protocol: http }
                    routes:
                      - match: { path: /api* }
                        forward: api
                      - match: { path: /old }
                        redirect: { to: /new, code: 308 }
                      - match: { path: /hello }
                        respond: { status: 200, body: "hello from Halite itself\\n", contentType: text/plain }
                      - forward: [ { pool: web, weight: 90 }, { pool: canary, weight: 10 } ]
                pools:
                  web:
                    check: { http: { path: /health }, interval: 2s, timeout: 1s }
                    targets:
                      - { name: steady, address: "%s", weight: 75 }
                      - { name: moody, address: "%s", weight: 25 }
                  api:
                    algorithm: leastRequest
                    check: { http: { path: /health }, interval: 2s, timeout: 1s }
                    targets:
                      - { name: slow, address: "%s" }
                      - { name: steady, address: "%s" }
                  canary:
                    check: { http: { path: /health }, interval: 2s, timeout: 1s }
                    targets:
                      - { name: canary, address: "%s" }
                """.formatted(port, addresses.get("steady"), addresses.get("moody"), addresses.get("slow"),
                addresses.get("steady"), addresses.get("canary"));
    }

    /** What to paste into another terminal. */
    static String guide(int port, Endpoint endpoint, Path data, Path launcher) {
        String base = "http://127.0.0.1:" + port;
        return """

                A cluster of three nodes runs on 127.0.0.1, .2 and .3; any of them takes requests and changes.
                In another terminal:

                  curl -s '%2$s/?[1-10]'           # ten requests: web by weight, about one in ten to the canary
                  curl -s 'http://127.0.0.1:%1$d/api/items?[1-4]'   # least requests first
                  curl -si http://127.0.0.2:%1$d/old   # a redirect, by another node
                  curl -s http://127.0.0.3:%1$d/hello  # an answer of the load balancer itself
                  curl -s --cacert %4$s -H "Authorization: Bearer $(cat %5$s/admin.token)" %3$s/api/v1/status

                  export HALITE_DATA=%5$s
                  %6$s status                # and node ls, get pools, describe target web/moody, history, export ...
                  %6$s drain web/steady      # then 'ready web/steady'

                Kill a node with 'kill -9' and look what happens: halite status --data of another one tells.
                The backend 'moody' fails its health check 15 s of every 40 s: watch it leave and come back.
                Ctrl-C stops everything.
                """.formatted(port, base, endpoint.url(), endpoint.ca(), data, launcher);
    }
}
