/**
 * Prices that estimates are made with unless `cost.prices` says otherwise. To replace the table, edit this file: date,
 * region and source belong to the numbers.
 *
 * AWS on demand has no price for a CPU or a GiB alone: they are what c5.large (2 CPUs, 4 GiB, 0.085 $/h) and r5.large
 * (2 CPUs, 16 GiB, 0.126 $/h) agree on; m5.large (2 CPUs, 8 GiB) costs 0.096 $ and comes out at 0.099 $.
 */
export const priceTable = {
  date: "2025-01",
  region: "us-west-2",
  source: "AWS list prices, on demand, without discounts or taxes",
  prices: {
    cpuHour: 0.03567,
    memoryGibHour: 0.003417,
    volumeGbMonth: 0.08,
    s3GbMonth: 0.023,
    s3PutThousand: 0.005,
    s3GetThousand: 0.0004,
    crossZoneGb: 0.02,
  },
} as const;

export type Prices = { readonly [K in keyof (typeof priceTable)["prices"]]: number };
