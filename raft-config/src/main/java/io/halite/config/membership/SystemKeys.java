package io.halite.config.membership;

/** The keys of the system records that membership owns. Others own {@code access/…} and {@code secrets/…}. */
public final class SystemKeys {
    /** The cluster's name. */
    public static final String CLUSTER_NAME = "cluster/name";
    /** What every member understands of the log; raised only when all do. */
    public static final String FEATURE_LEVEL = "cluster/featureLevel";
    /** The authority's certificate in PEM. */
    public static final String AUTHORITY_CERTIFICATE = "authority/certificate";
    /** The authority's key in PEM, sealed with the cluster's key. */
    public static final String AUTHORITY_KEY = "authority/key";
    /** Members by node id. */
    public static final String MEMBERS = "members/";
    /** Nodes that were members and must not come back, by node id. */
    public static final String REMOVED = "removed/";
    /** What people decided about nodes, by node id; a node that is ready has no record. */
    public static final String NODE_STATES = "nodestates/";
    /** Join tokens by their id. */
    public static final String TOKENS = "jointokens/";

    private SystemKeys() {}

    static String member(String nodeId) {
        return MEMBERS + nodeId;
    }

    static String removed(String nodeId) {
        return REMOVED + nodeId;
    }

    static String nodeState(String nodeId) {
        return NODE_STATES + nodeId;
    }

    static String token(String tokenId) {
        return TOKENS + tokenId;
    }
}
