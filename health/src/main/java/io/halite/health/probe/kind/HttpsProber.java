package io.halite.health.probe.kind;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** The dialogue of an HTTP check over TLS; a certificate that ends soon, or has ended, is a warning. */
record HttpsProber(HttpProber http, Preamble preamble) implements Prober.Blocking {

    @Override
    public ProbeResult probe(Attempt attempt) throws IOException {
        Socket socket = Connections.open(attempt, preamble);
        SSLSocket tls = TlsHandshake.over(socket, attempt, http.expectation().check().host(), "http/1.1");
        ProbeResult result = http.begin(attempt).over(tls.getInputStream(), tls.getOutputStream());
        return TlsHandshake.withExpiry(result, tls);
    }
}
