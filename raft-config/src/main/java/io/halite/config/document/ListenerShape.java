package io.halite.config.document;

import io.halite.config.Cidr;
import io.halite.config.HostPort;
import io.halite.config.Listener;
import io.halite.config.ListenerTls;
import io.halite.config.ListenerTls.ClientCertificates;
import io.halite.config.Protocol;
import io.halite.config.shape.Composites;
import io.halite.config.shape.Fields;
import io.halite.config.shape.Key;
import io.halite.config.shape.Scalars;
import io.halite.config.shape.Shape;
import io.halite.config.shape.Value;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Listeners: address, protocol, TLS and where relayed connections go. Stateless. */
final class ListenerShape {
    private static final String REQUIRED = "required";
    private static final String OPTIONAL = "optional";
    private static final String HTTPS_ONLY =
            "remove it, or use protocol https; a tls listener passes TLS through to its pool";

    private static final Key<ClientCertificates, String> MODE = Key.of("mode",
            certificates -> certificates.required() ? REQUIRED : OPTIONAL,
            Scalars.choice(List.of(REQUIRED, OPTIONAL), mode -> mode), REQUIRED, "whether a client without one is refused");
    private static final Key<ClientCertificates, String> AUTHORITY = Key.required("authority",
            ClientCertificates::authority, Scalars.reference("certificates"),
            "the one of the certificates that must have signed them");
    private static final Key<ListenerTls, ListenerTls.Version> MIN_VERSION = Key.of("minVersion", ListenerTls::minVersion,
            Scalars.choice(List.of(ListenerTls.Version.values()), ListenerTls.Version::key),
            ListenerTls.DEFAULT.minVersion(), "the oldest version of TLS accepted");
    private static final Key<ListenerTls, ClientCertificates> CLIENT_CERTIFICATES = Key.optional("clientCertificates",
            ListenerTls::clientCertificates, Shape.of(fields -> {
                String authority = fields.find(AUTHORITY);
                return authority == null ? null : new ClientCertificates(fields.get(MODE).equals(REQUIRED), authority);
            }, MODE, AUTHORITY),
            "asks clients for a certificate, which targets hear of by X-Forwarded-Client-Cert; by default not asked");

    private static final Key<Listener, String> NAME = Key.required("name", Listener::name, Scalars.name(),
            "its name, which metrics use as load balancer/name");
    private static final Key<Listener, HostPort> ADDRESS = Key.required("address", Listener::address,
            Scalars.checked(Scalars.spelled(Addresses::hostPort, HostPort::toString, "INVALID_ADDRESS",
                    "address to listen on", "write an IP address and a port: 0.0.0.0:80, 10.0.0.1:80 or [::]:80"),
                    ListenerShape::anIpAddress),
            "where it listens on every node, such as \"0.0.0.0:80\"; port 0 lets the system choose");
    private static final Key<Listener, Protocol> PROTOCOL = Key.required("protocol", Listener::protocol,
            Scalars.choice(List.of(Protocol.values()), Protocol::key), "one of http, https, tcp, tls, udp");
    private static final Key<Listener, List<String>> CERTIFICATES = Key.of("certificates", Listener::certificates,
            Composites.list(CertificateShape.WITH_KEY), List.of(),
            "what an https listener serves, by the server name that a client asks for; the first is for all other names");
    private static final Key<Listener, String> POOL = Key.optional("pool", Listener::pool, Scalars.reference("pools"),
            "where a tcp, tls or udp listener relays to");
    private static final Key<Listener, SortedMap<String, String>> SERVER_NAMES = Key.of("serverNames",
            Listener::serverNames, Composites.map(Scalars.spelled(RouteMatchShape::host, host -> host, "INVALID_DNS_NAME",
                    "DNS name", "write shop.example.com or *.example.com"), Scalars.reference("pools")),
            Collections.<String, String>emptySortedMap(),
            "pool by server name (SNI) of a tls listener; other names, and clients that name none, go to its pool, or are "
                    + "refused without one");
    private static final Key<Listener, Boolean> HTTP2 = Key.of("http2", Listener::http2, Scalars.bool(), true,
            "whether http and https clients may speak HTTP/2");
    private static final Key<Listener, ListenerTls> TLS = Key.of("tls", Listener::tls,
            Shape.of(fields -> new ListenerTls(fields.get(MIN_VERSION), fields.find(CLIENT_CERTIFICATES)), MIN_VERSION,
                    CLIENT_CERTIFICATES), ListenerTls.DEFAULT, "how an https listener speaks TLS");
    private static final Key<Listener, List<Cidr>> PROXY_PROTOCOL = Key.of("proxyProtocol",
            Listener::proxyProtocol, Composites.oneOrMore(Addresses.CIDR), List.<Cidr>of(),
            "senders whose connections must begin with a PROXY header (v1 or v2) that names the client; one from others "
                    + "is not believed");

    static final Shape<Listener> LISTENER = Shape.of(ListenerShape::listener, NAME, ADDRESS, PROTOCOL, CERTIFICATES, POOL,
            SERVER_NAMES, HTTP2, TLS, PROXY_PROTOCOL);

    private ListenerShape() {}

    private static @Nullable Listener listener(Fields fields) {
        String name = fields.find(NAME);
        HostPort address = fields.find(ADDRESS);
        Protocol protocol = fields.find(PROTOCOL);
        if (protocol != null) {
            checkTargets(fields, protocol);
            checkTls(fields, protocol);
        }
        if (name == null || address == null || protocol == null) {
            return null;
        }
        Listener listener = new Listener(name, address, protocol, fields.get(CERTIFICATES), fields.find(POOL),
                fields.get(SERVER_NAMES), fields.get(HTTP2), fields.get(TLS), fields.get(PROXY_PROTOCOL));
        fields.owner().reading().remember(listener, fields.owner());
        return listener;
    }

    private static void checkTargets(Fields fields, Protocol protocol) {
        Value pool = fields.at(POOL);
        Value names = fields.at(SERVER_NAMES);
        if (protocol.isRouted() && pool != null) {
            pool.<Object>error("POOL_NOT_ALLOWED", "an " + protocol.key() + " listener has no pool of its own",
                    "its requests go where the routes say; use `routes: [ { forward: … } ]`");
        }
        if (protocol != Protocol.TLS && names != null) {
            names.<Object>error("SERVER_NAMES_NOT_ALLOWED", "only a tls listener chooses by server name",
                    protocol.isRouted() ? "routes match `host`" : "remove it, or use protocol tls");
        }
        if (!protocol.isRouted() && pool == null && (protocol != Protocol.TLS || names == null)) {
            fields.owner().<Object>error("MISSING_KEY", "'pool' is missing",
                    "a " + protocol.key() + " listener relays to one pool");
        }
    }

    private static void checkTls(Fields fields, Protocol protocol) {
        Value certificates = fields.at(CERTIFICATES);
        if (protocol == Protocol.HTTPS && fields.get(CERTIFICATES).isEmpty()) {
            fields.owner().<Object>error("MISSING_KEY", "'certificates' is missing",
                    "an https listener serves at least one certificate");
        }
        if (protocol != Protocol.HTTPS && certificates != null) {
            certificates.<Object>error("CERTIFICATES_NOT_ALLOWED", "only an https listener serves certificates",
                    HTTPS_ONLY);
        }
        Value tls = fields.at(TLS);
        if (protocol != Protocol.HTTPS && tls != null) {
            tls.<Object>error("TLS_NOT_ALLOWED", "only an https listener ends TLS", HTTPS_ONLY);
        }
        Value http2 = fields.at(HTTP2);
        if (!protocol.isRouted() && http2 != null) {
            http2.<Object>error("HTTP2_NOT_ALLOWED", "a " + protocol.key() + " listener does not speak HTTP",
                    "remove it, or use protocol http or https");
        }
        Value proxyProtocol = fields.at(PROXY_PROTOCOL);
        if (protocol == Protocol.UDP && proxyProtocol != null) {
            proxyProtocol.<Object>error("PROXY_PROTOCOL_NOT_ALLOWED",
                    "the PROXY protocol is for connections, not for udp", "remove it");
        }
    }

    private static @Nullable HostPort anIpAddress(HostPort address, Value value) {
        return Addresses.ip(address.host()) != null ? address : value.error("INVALID_ADDRESS",
                "a listener needs an IP address, not the name '" + address.host() + "'",
                "use 0.0.0.0 for every address of the node");
    }
}
