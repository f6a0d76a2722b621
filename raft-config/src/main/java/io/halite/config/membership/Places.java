package io.halite.config.membership;

import io.halite.config.HostPort;
import java.util.ArrayList;
import java.util.List;

/** Hosts with ports as texts. Stateless. */
final class Places {
    private Places() {}

    /**
     * Reads {@code 10.0.0.1:7100}, {@code [::1]:7100} or {@code name:7100}.
     *
     * @throws IllegalArgumentException when it is none of them
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("not a host and port: " + text);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a host and port: " + text, e);
        }
    }

    static List<HostPort> parse(List<String> texts) {
        List<HostPort> places = new ArrayList<>();
        texts.forEach(text -> places.add(parse(text)));
        return places;
    }

    static List<String> texts(List<HostPort> places) {
        return places.stream().map(HostPort::toString).toList();
    }
}
