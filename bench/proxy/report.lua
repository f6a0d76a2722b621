-- What wrk found, as one line of JSON: it does not fail on errors by itself.
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '{"requests":%d,"micros":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f,"p999":%.3f,"errors":%d}\n',
        summary.requests, summary.duration,
        latency:percentile(50) / 1000, latency:percentile(90) / 1000,
        latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
        e.connect + e.read + e.write + e.status + e.timeout))
end
