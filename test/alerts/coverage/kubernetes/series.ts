export const ksm = 'cluster="local", job="kube-state-metrics", instance="k"';
export const inShop = `${ksm}, namespace="shop"`;
export const cart = `${inShop}, pod="cart-0"`;
export const kubelet = 'cluster="local", job="kubelet", instance="n", node="n"';
