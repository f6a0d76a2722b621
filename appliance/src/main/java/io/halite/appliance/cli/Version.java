package io.halite.appliance.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program. Stateless. */
public final class Version {
    private Version() {}

    /** As the jar's manifest says; {@code development} when run from classes. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** What {@code --version} prints. */
    static final class Provider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"halite " + current()};
        }
    }
}
