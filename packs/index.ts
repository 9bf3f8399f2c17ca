import type { Pack } from "../environment";
import { applicationPack } from "./application";
import { hostsPack } from "./hosts";
import { kubernetesPack } from "./kubernetes";
import { phoenixPack } from "./phoenix";

/** The packs that come with the stack, in the order in which they are shown; each can be left out. */
export const ownPacks: readonly Pack[] = [hostsPack, applicationPack, phoenixPack, kubernetesPack];
