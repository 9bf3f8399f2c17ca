import { serviceHost, type Environment } from "../../environment";

export const memcachedPort = 11211;

/** The caches of a distributed Loki: chunks beside S3, and the answers of queries over closed periods. */
export function cacheConfig(environment: Environment) {
  const client = (cache: string) => ({
    // Every pod of the cache, by the SRV records of its headless service; each key lies on one of them.
    addresses: `dnssrvnoa+_memcached._tcp.${serviceHost(environment, `loki-${cache}-headless`)}`,
    consistent_hash: true,
    max_idle_conns: 72,
    timeout: "2s",
  });
  return {
    chunk_store_config: {
      chunk_cache_config: {
        memcached: { batch_size: 4, parallelism: 5 },
        memcached_client: client("chunks-cache"),
        // What waits to be written into the cache must not fill an ingester's memory.
        background: { writeback_size_limit: "256MB" },
      },
    },
    results: {
      cache_results: true,
      results_cache: { cache: { default_validity: "12h", memcached_client: client("results-cache") } },
    },
  };
}
