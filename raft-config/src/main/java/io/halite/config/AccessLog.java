package io.halite.config;

/**
 * What of the requests is logged.
 *
 * @param sample percent of the requests that succeed; those that fail are always logged
 */
public record AccessLog(int sample) {
    public static final AccessLog DEFAULT = new AccessLog(100);
}
