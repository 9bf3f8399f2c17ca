import {
  attributesOf,
  lineCount,
  lineRate,
  logBytesRate,
  logFields,
  logFieldsOf,
  logQuantile,
  logs,
  matches,
  not,
  parseQuery,
  quantity,
  spanAttributes,
  spansWhere,
  sum,
} from "../../signals";

const api = logs({ service_name: "api" });

describe("LogQL", () => {
  it.each([
    [api.text, `{service_name="api"}`],
    [
      api.where({ detected_level: matches("error|fatal") }).text,
      `{service_name="api"} | detected_level =~ "error|fatal"`,
    ],
    [api.containing("time out").lacking("retry").text, `{service_name="api"} |= "time out" != "retry"`],
    [api.matching("5[0-9]{2}").text, `{service_name="api"} |~ "5[0-9]{2}"`],
    [
      api.json().where({ component: "queue", user_id: not("") }).text,
      `{service_name="api"} | json | __error__ = "" | component = "queue" | user_id != ""`,
    ],
    [logs({}).text, `{service_name=~".+"}`],
    [sum(lineRate(api)).by("detected_level").text, `sum by (detected_level) (rate({service_name="api"} [$__auto]))`],
    [lineCount(api, "5m").text, `count_over_time({service_name="api"} [5m])`],
    [logBytesRate(api).text, `bytes_rate({service_name="api"} [$__auto])`],
    [
      logQuantile(0.95, api.json().unwrap("duration_ms", "milliseconds"), ["component"], "5m").text,
      `quantile_over_time(0.95, {service_name="api"} | json | __error__ = "" | unwrap duration_ms | __error__ = "" [5m]) by (component)`,
    ],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
    expect(() => parseQuery("logql", text)).not.toThrow();
  });

  it("names the fields that a query reads", () => {
    expect(logFieldsOf(`sum by (level) (rate({service_name="api"} | json | component="x" [5m]))`)).toEqual([
      "level",
      "service_name",
      "component",
    ]);
  });

  it("points at a syntax error", () => {
    expect(() => parseQuery("logql", `{service_name="api"} |= `)).toThrow(
      new Error(
        'LogQL query has a syntax error at character 25:\n  {service_name="api"} |= \n                          ^\n  fix: see the mark',
      ),
    );
  });
});

describe("TraceQL", () => {
  it.each([
    [spansWhere({ "service.name": "api", status: "error" }).text, `{resource.service.name = "api" && status = error}`],
    [
      spansWhere({ "http.route": matches("/tasks.*"), longerThan: quantity(0.5, "seconds") }).text,
      `{span.http.route =~ "/tasks.*" && duration > 500ms}`,
    ],
    [
      spansWhere({ kind: "server", "http.response.status_code": 500 }).text,
      `{kind = server && span.http.response.status_code = 500}`,
    ],
    [spansWhere({ name: "run" }).and(spansWhere({ agent: "git" })).text, `{name = "run"} && {span.agent = "git"}`],
    [
      spansWhere({ "service.name": "a" }).above(spansWhere({ "service.name": "b" })).text,
      `{resource.service.name = "a"} >> {resource.service.name = "b"}`,
    ],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
    expect(() => parseQuery("traceql", text)).not.toThrow();
  });

  it("names the attributes that a query reads", () => {
    expect(attributesOf(`{resource.service.name = "a" && span.http.route = "/"}`)).toEqual([
      "resource.service.name",
      "span.http.route",
    ]);
  });
});

describe("what the requirements list is catalogued", () => {
  it("every field of the log line (D1)", () => {
    expect(Object.keys(logFields)).toEqual(
      "timestamp level correlation_id plan_id task_id component message span_id trace_id user_id request_id environment version metadata tags duration_ms caller".split(
        " ",
      ),
    );
    expect(Object.entries(logFields).flatMap(([name, { required }]) => (required ? [name] : []))).toEqual(
      "timestamp level component message environment version metadata tags".split(" "),
    );
  });

  it.each(["service.name", "environment", "version", "correlation_id", "request_id", "user_id"])(
    "span attribute %s (E8)",
    (name) => {
      expect(spanAttributes).toHaveProperty([name]);
    },
  );
});
