import { planStack } from "../../stacks";
import { planStorage } from "../../stacks/storage/plan";
import { refused } from "../environment/support";
import { dev, local, prod } from "./environments";

const topic = "arn:aws:sns:us-west-2:123456789012:oncall";
const sms = (name: string, more: object) => ({ kind: "sms", name, region: "us-west-2", ...more });
const receivers = (...all: object[]) => ({ alerting: { receivers: all } });
const roleOf = (environment: ReturnType<typeof dev>) =>
  planStorage(environment).aws?.roles.find(({ system }) => system === "alertmanager");

test("Alertmanager may publish to the topics that are named, and to nothing else", () => {
  const role = roleOf(prod(receivers(sms("a", { topicArn: topic }), sms("b", { topicArn: topic }))));
  expect(role?.policy.Statement).toEqual([
    { Sid: "PublishToTopics", Effect: "Allow", Action: "sns:Publish", Resource: [topic] },
  ]);
  expect(role).toMatchObject({
    name: "phoenix-prod-observability-alertmanager",
    about: "messages",
    podIdentity: { clusterName: "eks-prod-1", namespace: "observability", serviceAccount: "alertmanager" },
  });
});

test("telephone numbers have no ARN: everything but topics, so that no topic comes along", () => {
  const role = roleOf(dev(receivers(sms("a", { phoneNumber: "+491701234567" }))));
  expect(role?.policy.Statement).toEqual([
    { Sid: "SendToNumbers", Effect: "Allow", Action: "sns:Publish", NotResource: "arn:aws:sns:*:*:*" },
  ]);
});

test("its pod gets the role and reaches where the credentials are", () => {
  const plan = planStack(dev(receivers(sms("a", { topicArn: topic }))));
  const system = plan.systems.find(({ name }) => name === "alertmanager");
  const account = system?.rendered.find(({ kind }) => kind === "ServiceAccount");
  expect(account?.metadata?.annotations).toEqual({
    "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/phoenix-dev-observability-alertmanager",
  });
  const flows = planStack(prod(receivers(sms("a", { topicArn: topic })))).systems.find(
    ({ name }) => name === "alertmanager",
  )?.flows;
  expect(flows?.map(({ to, port }) => [to, port])).toEqual(
    expect.arrayContaining([
      ["existing", 443],
      ["object-storage", 80],
    ]),
  );
});

test("without text messages there is no role", () => {
  expect(roleOf(prod())).toBeUndefined();
  const off = prod({ ...receivers(sms("a", { topicArn: topic })), systems: { alertmanager: { enabled: false } } });
  expect(roleOf(off)).toBeUndefined();
});

test("without AWS text messages are refused", () => {
  expect(refused(() => local(receivers(sms("a", { topicArn: topic })))).faults).toEqual([
    {
      key: "observability:alerting.receivers[0]",
      value: "a",
      reason: "text messages go through Amazon SNS: without AWS Alertmanager has no right to send them",
      fix: "storage.kind aws with an aws section, or a webhook of whoever sends your messages",
    },
  ]);
});
