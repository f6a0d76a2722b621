package io.halite.proxy.route;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request as people describe it, to ask what would become of it.
 *
 * @param host as in a Host header, with or without a port; empty for none
 * @param target the path, and the query after a {@code ?}
 * @param headers name and value of each line, Host not among them
 */
public record DescribedRequest(
        String method, String host, String target, List<Map.Entry<String, String>> headers, InetAddress client) {

    public DescribedRequest {
        headers = List.copyOf(headers);
    }

    /** A GET without headers from the local machine. */
    public static DescribedRequest get(String host, String target) {
        return new DescribedRequest("GET", host, target, List.of(), InetAddress.getLoopbackAddress());
    }

    /** The head that a parser would have filled. */
    public RequestHead head() {
        RequestHead head = new RequestHead();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int methodEnd = append(text, method);
        int queryMark = target.indexOf('?');
        int pathEnd = append(text, queryMark < 0 ? target : target.substring(0, queryMark));
        int queryEnd = queryMark < 0 ? pathEnd : append(text, target.substring(queryMark));
        int hostEnd = append(text, withoutPort(host));
        int[] ends = new int[2 * headers.size()];
        for (int i = 0; i < headers.size(); i++) {
            ends[2 * i] = append(text, headers.get(i).getKey());
            ends[2 * i + 1] = append(text, headers.get(i).getValue());
        }
        head.reset(text.toByteArray(), client.getAddress());
        head.method(0, methodEnd);
        head.path(methodEnd, pathEnd, queryEnd);
        head.host(queryEnd, hostEnd);
        int start = hostEnd;
        for (int i = 0; i < headers.size(); i++) {
            head.addHeader(start, ends[2 * i], ends[2 * i], ends[2 * i + 1]);
            start = ends[2 * i + 1];
        }
        return head;
    }

    private static int append(ByteArrayOutputStream text, String part) {
        text.writeBytes(part.getBytes(StandardCharsets.UTF_8));
        return text.size();
    }

    /** Without the port: of an IPv6 address only what follows the bracket can be one. */
    private static String withoutPort(String host) {
        int colon = host.indexOf(':', host.indexOf(']') + 1);
        return colon < 0 ? host : host.substring(0, colon);
    }
}
