package io.halite.config.document;

import io.halite.config.shape.Scalars;
import io.halite.config.shape.Type;
import io.halite.config.shape.Value;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names and values of HTTP as a document spells them. Stateless. */
final class HttpWords {
    /** The name of a header field; lower case, as it is compared. */
    static final Type<String> HEADER_NAME = Scalars.checked(Scalars.text(), HttpWords::headerName);
    /** The name of a cookie. */
    static final Type<String> COOKIE_NAME = Scalars.checked(Scalars.text(), HttpWords::cookieName);
    /** A method. */
    static final Type<String> METHOD = Scalars.checked(Scalars.text(), HttpWords::method);
    /** The value of a header field. */
    static final Type<String> HEADER_VALUE = Scalars.checked(Scalars.text(), HttpWords::headerValue);
    /** A DNS name. */
    static final Type<String> DNS_NAME = Scalars.spelled(HttpWords::dnsName, name -> name, "INVALID_DNS_NAME", "DNS name",
            "write shop.example.com");
    /** A path without a query. */
    static final Type<String> PATH = Scalars.checked(Scalars.text(), HttpWords::path);

    private HttpWords() {}

    /** Whether text is a token of RFC 9110, section 5.6.2. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static @Nullable String headerName(String name, Value value) {
        return isToken(name) ? name.toLowerCase(Locale.ROOT)
                : value.error("INVALID_HEADER", "'" + Value.abbreviated(name) + "' is no header name",
                        "a header name has letters, digits and hyphens");
    }

    private static @Nullable String headerValue(String text, Value value) {
        return text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t') ? text
                : value.error("INVALID_HEADER", "'" + Value.abbreviated(text) + "' is no header value",
                        "a header value is one line of text");
    }

    static @Nullable String cookieName(String name, Value value) {
        return isToken(name) ? name
                : value.error("INVALID_COOKIE", "'" + Value.abbreviated(name) + "' is no cookie name",
                        "a cookie name has letters, digits, hyphens and underscores");
    }

    private static @Nullable String method(String text, Value value) {
        boolean upper = !text.isEmpty() && text.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || c == '-' || c == '_');
        return upper ? text : value.error("INVALID_METHOD", "'" + Value.abbreviated(text) + "' is no method",
                "methods are upper case: GET, POST");
    }

    private static @Nullable String dnsName(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return Addresses.isDnsName(name) ? name : null;
    }

    private static @Nullable String path(String path, Value value) {
        boolean valid = path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#');
        return valid ? path : value.error("INVALID_PATH", "'" + Value.abbreviated(path) + "' is no path",
                "a path begins with / and is percent-encoded; the query is matched by `query`");
    }
}
