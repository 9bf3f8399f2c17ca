import { histogramQuantile, rate, sum } from "../functions";
import { matchesNot } from "../labels";
import { record, ruleGroup } from "../recording";
import { apiserver } from "../sources/apiserver";

/** Requests that end when who asks wants it, not when the server is done. */
const answered = {
  verb: matchesNot("WATCH|WATCHLIST|CONNECT|PROXY"),
  subresource: matchesNot("proxy|attach|log|exec|portforward"),
};

/** The API server, whose histogram has thousands of series. */
export const controlPlaneRates = {
  apiRequests: record(
    "cluster_code:apiserver_requests:rate5m",
    "Requests that the API server answers, by status",
    sum(rate(apiserver.apiserver_request_total.over("5m"))).by("cluster", "code"),
  ),
  apiLatencyP99: record(
    "cluster_verb:apiserver_request_duration_seconds:p99_5m",
    "Time in which 99 % of the requests of a verb are answered, watches and streams left out",
    histogramQuantile(
      0.99,
      sum(rate(apiserver.apiserver_request_duration_seconds.buckets.where(answered).over("5m"))).by(
        "cluster",
        "verb",
        "le",
      ),
    ),
  ),
} as const;

export const controlPlaneRules = [ruleGroup("control-plane", "30s", Object.values(controlPlaneRates))];
