package io.halite.config.document;

import io.halite.config.Zone.StaticRecord;
import io.halite.config.shape.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The data of a static record as master files write it (RFC 1035, section 5.1), as far as it can be judged alone.
 * Stateless.
 */
final class RecordData {
    private static final String GAP = "[ \\t]+";
    private static final String NAME = "[^\\s\"();]+";
    private static final String NUMBER =
            "(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final String STRING = "(?:\"(?:[^\"\\\\]|\\\\.)*+\"|" + NAME + ")";
    private static final String HEX = "[0-9A-Fa-f]+(?:" + GAP + "[0-9A-Fa-f]+)*+";
    private static final String PARAMETER = "(?:mandatory|alpn|no-default-alpn|port|ipv4hint|ech|ipv6hint|key[0-9]{1,5})"
            + "(?:=" + STRING + ")?+";
    private static final Pattern STRINGS = Pattern.compile(STRING);
    private static final int LONGEST_STRING = 255;

    private static final Form ONE_NAME = new Form("shop, or shop.example.net. with a dot at its end", NAME);
    private static final Form SERVICE = new Form("1 . alpn=h2,http/1.1", NUMBER, NAME, "*" + PARAMETER);
    private static final Map<String, Form> FORMS = Map.ofEntries(
            Map.entry("ALIAS", ONE_NAME), Map.entry("CNAME", ONE_NAME), Map.entry("NS", ONE_NAME),
            Map.entry("PTR", ONE_NAME),
            Map.entry("CAA", new Form("0 issue \"ca.example\"", NUMBER, "[A-Za-z0-9]+", STRING)),
            Map.entry("DS", new Form("12345 13 2 and the digest in hexadecimal", NUMBER, NUMBER, NUMBER, HEX)),
            Map.entry("HTTPS", SERVICE), Map.entry("SVCB", SERVICE),
            Map.entry("MX", new Form("10 mail.example.net.", NUMBER, NAME)),
            Map.entry("NAPTR", new Form("100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@example.net!\" .",
                    NUMBER, NUMBER, STRING, STRING, STRING, NAME)),
            Map.entry("SRV", new Form("0 5 443 shop", NUMBER, NUMBER, NUMBER, NAME)),
            Map.entry("SSHFP", new Form("4 2 and the fingerprint in hexadecimal", NUMBER, NUMBER, HEX)),
            Map.entry("TLSA", new Form("3 1 1 and the hash in hexadecimal", NUMBER, NUMBER, NUMBER, HEX)),
            Map.entry("TXT", new Form("\"v=spf1 -all\"", STRING, "*" + STRING)));

    private RecordData() {}

    /** What the data of a type consists of, and an example of it. */
    private record Form(String example, Pattern pattern) {

        /** Of parts with gaps between them; the last may begin with a star, for any number of it. */
        Form(String example, String... parts) {
            this(example, Pattern.compile(pattern(parts)));
        }

        private static String pattern(String... parts) {
            StringBuilder pattern = new StringBuilder();
            for (String part : parts) {
                boolean any = part.startsWith("*");
                String gap = pattern.isEmpty() ? "" : GAP;
                pattern.append(any ? "(?:" + gap + part.substring(1) + ")*+" : gap + part);
            }
            return pattern.toString();
        }
    }

    /** Reports what is wrong with it. */
    static void check(StaticRecord record, Value place) {
        String data = record.data().strip();
        Form form = FORMS.get(record.type());
        if (form == null) {
            address(record, place);
        } else if (hasComment(data)) {
            place.<Object>error("INVALID_RECORD", "a semicolon begins a comment: the rest of the record would be lost",
                    "put the text into double quotes: '\"v=DMARC1; p=none\"'");
        } else if (!form.pattern.matcher(data).matches()) {
            place.<Object>error("INVALID_RECORD", "'" + Value.abbreviated(data) + "' is no data of a record of type "
                    + record.type(), "write " + form.example);
        } else if (longestString(data) > LONGEST_STRING) {
            place.<Object>error("INVALID_RECORD", "a string of a record has at most 255 bytes",
                    "write several, each in double quotes: \"the first\" \"the next\"; readers join them");
        }
    }

    private static void address(StaticRecord record, Value place) {
        boolean ipv6 = record.type().equals("AAAA");
        if (Addresses.ip(record.data()) == null || ipv6 != record.data().indexOf(':') >= 0) {
            place.<Object>error("INVALID_ADDRESS", "'" + Value.abbreviated(record.data()) + "' is no address of type "
                    + record.type(), ipv6 ? "write an IPv6 address" : "write an IPv4 address");
        }
    }

    private static boolean hasComment(String data) {
        return STRINGS.matcher(data).replaceAll("").indexOf(';') >= 0;
    }

    private static int longestString(String data) {
        int longest = 0;
        Matcher strings = STRINGS.matcher(data);
        while (strings.find()) {
            String string = strings.group();
            int quotes = string.startsWith("\"") ? 2 : 0;
            longest = Math.max(longest, string.getBytes(StandardCharsets.UTF_8).length - quotes);
        }
        return longest;
    }

    /** The name that a record leads to, as it is written; null where it leads nowhere, or its data is wrong. */
    static @Nullable String target(StaticRecord record) {
        String data = record.data().strip();
        Form form = FORMS.get(record.type());
        if (form == null || !form.pattern.matcher(data).matches()) {
            return null;
        }
        String[] parts = data.split(GAP, -1);
        return switch (record.type()) {
            case "ALIAS", "CNAME", "NS" -> parts[0];
            case "HTTPS", "MX", "SVCB" -> parts[1];
            case "SRV" -> parts[parts.length - 1];
            default -> null;
        };
    }
}
