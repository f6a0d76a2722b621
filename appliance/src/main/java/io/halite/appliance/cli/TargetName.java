package io.halite.appliance.cli;

import io.halite.appliance.cli.client.AdminClient;
import picocli.CommandLine.TypeConversionException;

/** A target as the command line names it, {@code pool/target}. */
record TargetName(String pool, String target) {

    static TargetName parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new TypeConversionException("'" + text + "' is not a target, write pool/target");
        }
        return new TargetName(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Its path in the API. */
    String path() {
        return "/pools/" + AdminClient.segment(pool) + "/targets/" + AdminClient.segment(target);
    }

    @Override
    public String toString() {
        return pool + "/" + target;
    }
}
