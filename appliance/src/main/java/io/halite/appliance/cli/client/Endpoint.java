package io.halite.appliance.cli.client;

import io.halite.config.tree.Tree;
import io.halite.config.tree.TreeLimits;
import io.halite.config.tree.TreeSyntaxException;
import io.halite.config.tree.TreeText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node that a command asks, how it proves who it is, and whom it trusts.
 *
 * @param ca PEM file of the cluster's CA
 * @param token empty when none is known
 */
public record Endpoint(URI url, Path ca, String token) {
    /** Where a node keeps its data unless told otherwise. */
    public static final String DEFAULT_DATA = "/var/lib/halite";

    /** What the command line says about the endpoint; null or absent parts are looked for elsewhere. */
    public record Given(@Nullable String url, @Nullable String token, @Nullable String ca, @Nullable String data) {}

    /**
     * Finds each part by flags, then by {@code HALITE_URL}, {@code HALITE_TOKEN} and {@code HALITE_CA}, then in the
     * data directory. The token of the data directory is only for members of its own cluster: it is not used with
     * another CA.
     */
    public static Endpoint find(Given given, Map<String, String> environment) {
        String url = first(given.url(), environment.get("HALITE_URL"));
        String ca = first(given.ca(), environment.get("HALITE_CA"));
        String token = first(given.token(), environment.get("HALITE_TOKEN"));
        Path data = Path.of(or(first(given.data(), environment.get("HALITE_DATA")), DEFAULT_DATA));
        if (url == null || ca == null) {
            Tree.Mapping local = local(data, url == null);
            boolean sameCluster = ca == null;
            url = url == null ? text(local, "url", data) : url;
            ca = ca == null ? text(local, "ca", data) : ca;
            token = token == null && sameCluster ? localToken(data) : token;
        }
        return new Endpoint(uri(url), Path.of(ca), or(token, ""));
    }

    private static Tree.Mapping local(Path data, boolean urlUnknown) {
        Path file = data.resolve("local.json");
        try {
            if (TreeText.read(Files.readAllBytes(file), TreeLimits.REQUEST) instanceof Tree.Mapping local) {
                return local;
            }
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE,
                    urlUnknown ? "no node found: " + file + " does not exist"
                            : "the CA of the cluster is not known: " + file + " does not exist",
                    "start one with 'halite run --data DIR', or give --data DIR, or --url, --ca and --token");
        } catch (AccessDeniedException e) {
            throw new CommandFailure(ExitCode.NOT_AUTHORIZED, "no permission to read " + file,
                    "run the command as the user of the node, or give --url, --ca and --token");
        } catch (IOException | TreeSyntaxException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "cannot read " + file + ": " + e.getMessage(), "");
        }
        throw new CommandFailure(ExitCode.UNREACHABLE, file + " is not what a node writes", "restart the node");
    }

    private static String text(Tree.Mapping local, String key, Path data) {
        if (local.get(key) instanceof Tree.Text text) {
            return text.value();
        }
        throw new CommandFailure(ExitCode.UNREACHABLE, data.resolve("local.json") + " has no '" + key + "'",
                "restart the node");
    }

    private static @Nullable String localToken(Path data) {
        Path file = data.resolve("admin.token");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.NOT_AUTHORIZED, "no permission to read " + file,
                    "run the command as the user of the node, or give --token");
        }
    }

    private static URI uri(String text) {
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "https://" + text);
        } catch (IllegalArgumentException e) {
            throw notAUrl(text);
        }
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw notAUrl(text);
        }
        return uri;
    }

    private static CommandFailure notAUrl(String text) {
        return new CommandFailure(ExitCode.USAGE, "'" + text + "' is not the URL of a node",
                "such as https://10.0.0.5:8443");
    }

    private static @Nullable String first(@Nullable String one, @Nullable String two) {
        return one != null && !one.isEmpty() ? one : two != null && !two.isEmpty() ? two : null;
    }

    private static String or(@Nullable String text, String fallback) {
        return text == null ? fallback : text;
    }
}
