/** What scraping kube-state-metrics adds to each series: it must never end up on an alert. */
export const ksm = 'cluster="local", job="kube-state-metrics", instance="10.0.0.1:8080"';
export const node = { node: "n" };
export const kubelet = 'cluster="local", job="kubelet", instance="n", node="n"';
export const pod = { namespace: "shop", pod: "p" };
export const inPod = `${ksm}, namespace="shop", pod="p", uid="u"`;
export const container = { ...pod, container: "c" };
export const inContainer = `${inPod}, container="c"`;
export const inShop = (rest: string) => `${ksm}, namespace="shop", ${rest}`;
export const shop = (rest: Readonly<Record<string, string>>) => ({ namespace: "shop", ...rest });
