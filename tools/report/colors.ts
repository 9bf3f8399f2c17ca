const colors = ["green", "orange", "red", "yellow", "blue", "purple"];

/** Grafana's color as a class of ours: `dark-red` is red. Others are grey, and no color gets into the page as it is. */
export const colorClass = (color: string) => colors.find((each) => color.endsWith(each)) ?? "other";
