package io.halite.config.membership;

/** The keys of the system records that membership owns. Others own {@code access/…} and {@code secrets/…}. */
public final class SystemKeys {
    /** The cluster's name. */
    public static final String CLUSTER_NAME = "cluster/name";
    /** The authority's certificate in PEM. */
    public static final String AUTHORITY_CERTIFICATE = "authority/certificate";
    /** The authority's key in PEM, sealed with the cluster's key. */
    public static final String AUTHORITY_KEY = "authority/key";

    private SystemKeys() {}
}
