package io.halite.config;

/** A target by its pool's name and its own; {@code pool/target} in the CLI and the API. */
public record TargetRef(String pool, String target) implements Comparable<TargetRef> {

    @Override
    public int compareTo(TargetRef other) {
        int byPool = pool.compareTo(other.pool);
        return byPool != 0 ? byPool : target.compareTo(other.target);
    }

    @Override
    public String toString() {
        return pool + "/" + target;
    }
}
