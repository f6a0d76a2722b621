#!/bin/sh
# Makes the AOT caches of this distribution, lib/node.aot (for `run`) and lib/cli.aot (for the other verbs), by running a node and
# a command once. A cache holds for exactly this folder's jars and the JDK that made it; another JDK ignores it and starts without.
# Run it again after installing under another JDK. Needs a loopback address and some ten seconds.
set -eu
home=$(dirname "$(dirname "$(readlink -f "$0")")")
work=$(mktemp -d)
node=
finish() {
    [ -z "$node" ] || kill "$node" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

rm -f "$home/lib/node.aot" "$home/lib/cli.aot"
# The node's own checks are its clients: each probe goes through a listener, a route and a pool to another listener.
front=$((20000 + $$ % 10000))
back=$((front + 1))
cat > "$work/site.yaml" <<SITE
apiVersion: halite/v1
loadBalancers:
  front:
    listeners: [ { name: web, address: "127.0.0.1:$front", protocol: http } ]
    routes: [ { match: { host: site.example.com, path: /a* }, respond: { status: 204 } }, { forward: app } ]
  back:
    listeners: [ { name: web, address: "127.0.0.1:$back", protocol: http } ]
    routes: [ { respond: { status: 200, body: ok } } ]
pools:
  app: { targets: [ "127.0.0.1:$back" ], check: { tcp: {} } }
  probed: { targets: [ "127.0.0.1:$front" ], check: { http: { path: / }, interval: 100ms } }
SITE

HALITE_JAVA_OPTS="-XX:AOTCacheOutput=$work/node.aot" "$home/bin/halite" run --data "$work/data" --name rehearsal \
    --bind 127.0.0.1 --admin-port 0 --cluster-port 0 --dns-port 0 > "$work/node.log" 2>&1 &
node=$!
tries=0
until [ -s "$work/data/local.json" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 3000 ] || ! kill -0 "$node" 2>/dev/null; then
        cat "$work/node.log" >&2
        echo "halite: no AOT caches: the rehearsal node did not start; everything works without them, only slower to start" >&2
        exit 1
    fi
    sleep 0.1
done
HALITE_DATA=$work/data HALITE_JAVA_OPTS="-XX:AOTCacheOutput=$work/cli.aot" \
    "$home/bin/halite" apply -f "$work/site.yaml" > "$work/cli.log" 2>&1 || { cat "$work/cli.log" >&2; exit 1; }
sleep 3
kill "$node"
wait "$node" || true
node=
mv "$work/node.aot" "$work/cli.aot" "$home/lib/" || { cat "$work/node.log" "$work/cli.log" >&2; exit 1; }
