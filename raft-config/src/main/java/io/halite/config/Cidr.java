package io.halite.config;

/**
 * An IP address with a prefix length, as written ({@code 203.0.113.10/24}): host bits are kept.
 *
 * @param address an IPv4 or IPv6 address in its canonical text form
 * @param prefix 0–32 or 0–128
 */
public record Cidr(String address, int prefix) {
    @Override
    public String toString() {
        return address + "/" + prefix;
    }
}
