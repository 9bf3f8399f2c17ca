/** The sets of defaults that an environment can start from. */
export const profileNames = ["local", "dev", "prod"] as const;
export type Profile = (typeof profileNames)[number];

/** Defaults as they would be written in a stack file: what all profiles have, and what each says besides. */
export type ByProfile = { readonly all?: object } & { readonly [P in Profile]?: object };
