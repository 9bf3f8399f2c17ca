import { Answer, APP_PORT, panic, parameter, type Routes } from "./server";

/**
 * A service under load that can be made to fail. It counts its requests as every application of the stack does
 * (`requests_total`, `request_errors_total`), and calls itself: the requests are real ones.
 */
export function fragile(): Routes {
  let failing = 0;
  let perSecond = 0;
  const served = { good: 0, bad: 0 };
  setInterval(() => {
    for (let request = 0; request < perSecond / 10; request++) {
      void fetch(`http://127.0.0.1:${APP_PORT}/work`).then(
        (answer) => answer.text(),
        () => undefined,
      );
    }
  }, 100).unref();
  return {
    "GET /work": () => {
      const works = Math.random() >= failing;
      served[works ? "good" : "bad"] += 1;
      return works ? new Answer(200, "done") : new Answer(500, "broken");
    },
    /** So many requests each second from now on, and which share of them fails. */
    "POST /drive": (request) => {
      perSecond = Number(parameter(request, "perSecond"));
      failing = Number(parameter(request, "failing"));
    },
    "POST /panic": panic,
    "GET /metrics": () => {
      const of = 'route="/work",method="GET"';
      const lines = [
        "# TYPE requests_total counter",
        `requests_total{${of},status="200"} ${served.good}`,
        `requests_total{${of},status="500"} ${served.bad}`,
        "# TYPE request_errors_total counter",
        `request_errors_total{${of},type="broken"} ${served.bad}`,
      ];
      return new Answer(200, `${lines.join("\n")}\n`);
    },
  };
}
