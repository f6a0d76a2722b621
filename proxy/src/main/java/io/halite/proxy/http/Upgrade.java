package io.halite.proxy.http;

import io.halite.proxy.accesslog.RelayEnd;
import io.halite.proxy.relay.Connection;
import io.halite.proxy.relay.HeldBytes;
import io.halite.proxy.relay.Sent;
import io.halite.proxy.relay.Tunnel;
import io.halite.proxy.relay.TunnelEnd;
import io.halite.proxy.relay.TunnelOwner;

/** An exchange whose two connections have turned to another protocol. Confined to the thread of its loop. */
final class Upgrade implements TunnelOwner {
    private final HttpLoop http;
    private final Exchange exchange;

    Upgrade(HttpLoop http, Exchange exchange) {
        this.http = http;
        this.exchange = exchange;
    }

    /** Sends the target's head and what either side sent behind its own, then lets both carry bytes. */
    void begin(Response response, byte[] bytes, int from, int end) {
        ClientConnection client = exchange.client();
        HeadWriter out = http.writer;
        ResponseWriter.interim(out, response, bytes);
        out.put(bytes, from, end);
        Connection target = exchange.attempt().surrender();
        Sent toClient = client.send(out.buffer(), 0, out.length());
        HeldBytes ahead = client.reader().held();
        out.restart().put(ahead.bytes(), ahead.start(), ahead.end());
        Sent toTarget = target.send(out.buffer(), 0, out.length());
        client.becomesTunnel();
        if (toClient == Sent.BROKEN || toTarget == Sent.BROKEN) {
            target.close();
            tunnelEnded(toClient == Sent.BROKEN ? TunnelEnd.CLIENT_BROKE : TunnelEnd.TARGET_BROKE);
        } else {
            client.tunnelBegan(Tunnel.between(
                    client.wire(), target, exchange.timeouts().tunnel().toNanos(), this));
        }
    }

    @Override
    public void fromClient(int bytes) {
        exchange.client().listener().counters().received(bytes);
    }

    @Override
    public void fromTarget(int bytes) {
        exchange.client().sent(bytes);
    }

    @Override
    public void tunnelEnded(TunnelEnd how) {
        exchange.tunnelEnded(RelayEnd.of(how));
    }
}
