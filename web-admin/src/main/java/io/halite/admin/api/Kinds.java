package io.halite.admin.api;

import java.util.List;

/** The kinds of objects of a document. Stateless. */
final class Kinds {
    /** The top-level keys of the document. */
    static final List<String> ALL = List.of(
            "loadBalancers", "pools", "certificates", "zones", "virtualAddresses", "autoscaling");

    private Kinds() {}
}
