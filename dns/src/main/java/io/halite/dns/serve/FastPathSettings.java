package io.halite.dns.serve;

import io.halite.config.Ticker;
import java.time.InstantSource;

/**
 * What a worker's {@link FastPath} is made with.
 *
 * @param seed of its random choices and rate limiting; not 0, and different for each worker
 * @param responsesPerSecond of one kind to one client network; 0 for no limit
 * @param slip every which refusal is sent truncated; 0 for none
 * @param exempt networks without a limit
 * @param keepaliveTenths idle time of a TCP connection in tenths of a second, as told to clients
 */
public record FastPathSettings(
        long seed, int responsesPerSecond, int slip, Networks exempt, int keepaliveTenths, Ticker ticker,
        InstantSource clock) {}
