package io.halite.config;

/** In which form routes see the path of a request; targets get it as it came, but where a rewrite changes it. */
public enum PathForm {
    /** As RFC 3986 §6.2.2 has it, with slashes in a row for one; what has several meanings is refused. */
    NORMALIZED("normalized"),
    /** The same, and whatever hides a slash or is no percent-encoding is refused as well. */
    STRICT("strict"),
    /** As the client wrote it. */
    AS_SENT("asSent");

    private final String key;

    PathForm(String key) {
        this.key = key;
    }

    /** The word of the document. */
    public String key() {
        return key;
    }
}
