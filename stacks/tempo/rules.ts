import { at, type Fault } from "../../environment/faults";
import { faultAt, keptAtLeast, type Rule } from "../../environment/rule";
import { loadOf, spanBytes } from "../../environment/sizing";
import { largestSingle } from "./sizing";

const longEnough = keptAtLeast(
  "1h",
  "Tempo's blocks are up to half an hour long",
  ({ traces: { keep, full, sampled } }) => ({
    "traces.keep": keep,
    "traces.full": full,
    "traces.sampled": sampled,
  }),
);

const tempoModes: Rule = ({ tempo, systems }) => {
  const { mode, replicas, components } = systems.tempo;
  if (mode === "single") {
    const at = (reason: string, fix: string) => [faultAt("systems.tempo.replicas", replicas, reason, fix)];
    if (tempo.majorVersion === "3" && replicas > 1) {
      const fix =
        'tempo.majorVersion: "2" (2.10 is highly available without Kafka), 1 replica, or mode distributed with Kafka';
      return at("Tempo 3 in one piece can't have more than one replica", fix);
    }
    // Spans are kept as often as there are replicas, three times at most, and a majority has to take them.
    return replicas === 2 ? at("of two replicas both must answer: the loss of one stops all writes", "3, or 1") : [];
  }
  const faults: Fault[] = [];
  if (tempo.majorVersion === "3" && tempo.kafka === undefined) {
    faults.push({
      key: "observability:tempo.kafka",
      reason: "is missing: the parts of a distributed Tempo 3 meet in Kafka, which this stack does not deploy",
      fix: 'tempo.kafka: {address: "kafka.kafka.svc:9092", topic: tempo-spans}, or tempo.majorVersion: "2" (2.10 needs none)',
    });
  }
  if (tempo.majorVersion === "2" && components.ingester.replicas < 3) {
    const reason = "a distributed Tempo keeps each span on three ingesters";
    faults.push(
      faultAt("systems.tempo.components.ingester.replicas", components.ingester.replicas, reason, "at least 3"),
    );
  }
  if (tempo.majorVersion === "3" && components["live-store"].replicas % 2 !== 0) {
    const reason = "live stores are spread over two zones, and each span is read in both";
    const fix = "an even number: twice as many as share the load";
    faults.push(
      faultAt("systems.tempo.components.live-store.replicas", components["live-store"].replicas, reason, fix),
    );
  }
  const { replicas: schedulers } = components["backend-scheduler"];
  if (tempo.majorVersion === "3" && schedulers > 1) {
    const reason = "two schedulers would give out the same work twice";
    faults.push(faultAt("systems.tempo.components.backend-scheduler.replicas", schedulers, reason, "1"));
  }
  return faults;
};

const tempoWantsKafka: Rule = (environment) => {
  const { tempo, systems, load } = environment;
  const { spans } = loadOf(environment);
  const rate = (spans.perSecond * spanBytes) / 1e6;
  const single = systems.tempo.mode === "single" && tempo.majorVersion === "3" && tempo.kafka === undefined;
  if (load === undefined || !single || rate <= largestSingle.alone) return [];
  return [
    {
      key: at("tempo.kafka"),
      reason: `is missing: ${spans.toString()} are ${Math.round(rate)} MB/s, more than the ${largestSingle.alone} MB/s that one process of Tempo 3 takes, and several need Kafka`,
      fix: 'tempo.kafka: {address: "kafka.kafka.svc:9092", topic: tempo-spans}, or tempo.majorVersion: "2"',
    },
  ];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [longEnough, tempoModes, tempoWantsKafka];
