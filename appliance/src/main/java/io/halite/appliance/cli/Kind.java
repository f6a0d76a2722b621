package io.halite.appliance.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** The kinds of objects that can be listed and described. */
enum Kind {
    LOAD_BALANCERS("loadBalancers", "loadBalancer", "lb"),
    POOLS("pools", "pool", "pool"),
    CERTIFICATES("certificates", "certificate", "cert"),
    ZONES("zones", "zone", "zone"),
    VIRTUAL_ADDRESSES("virtualAddresses", "virtualAddress", "vip"),
    AUTOSCALING("autoscaling", "autoscale", "scale"),
    TARGETS("targets", "target", "target"),
    NODES("nodes", "node", "node"),
    REVISIONS("revisions", "revision", "rev"),
    ASSIGNMENTS("assignments", "assignment", "assign");

    private final String key;
    private final String one;
    private final String brief;

    Kind(String key, String one, String brief) {
        this.key = key;
        this.one = one;
        this.brief = brief;
    }

    /** The spelling of the document and the API. */
    String key() {
        return key;
    }

    /** The word for one of its objects. */
    String one() {
        return one;
    }

    /** Whether its objects are parts of the config document. */
    boolean isInDocument() {
        return compareTo(AUTOSCALING) <= 0;
    }

    /** Reads the singular, the plural or the short form, whatever its case. */
    static Kind of(String text) {
        for (Kind kind : values()) {
            if (text.equalsIgnoreCase(kind.key) || text.equalsIgnoreCase(kind.one)
                    || text.equalsIgnoreCase(kind.brief)) {
                return kind;
            }
        }
        throw new TypeConversionException("there is no kind '" + text + "', only "
                + Arrays.stream(values()).map(Kind::key).collect(Collectors.joining(", ")));
    }
}
