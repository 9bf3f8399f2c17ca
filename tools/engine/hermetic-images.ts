import { imageReference, imagesOf, type Environment, type ImageName, type SystemName } from "../../environment";
import { planStack } from "../../stacks/plan";
import { absence, givenVersion, isGiven } from "../testbed/given";
import { IMAGES, type ImageName as KitImageName, type ImageSpec } from "../testbed/image-table";
import { EngineError } from "./errors";

/** The kit's image of our name; undefined for what it cannot make. */
const kitImage = (name: string): KitImageName | undefined => (name in IMAGES ? (name as KitImageName) : undefined);

/** The images that the manifests of an environment name, with their references and the systems that run them. */
function namedImages(environment: Environment): [ImageName, string, SystemName[]][] {
  const runs = planStack(environment).systems.map(({ name, workloads }) => ({
    name,
    references: workloads.flatMap(({ image, sidecars = [] }) => [image, ...sidecars.map((sidecar) => sidecar.image)]),
  }));
  return (Object.keys(imagesOf(environment.composition)) as ImageName[])
    .map((name): [ImageName, string, SystemName[]] => {
      const reference = imageReference(environment, name);
      const by = runs.filter(({ references }) => references.includes(reference)).map((each) => each.name);
      return [name, reference, by];
    })
    .filter(([, , by]) => by.length > 0);
}

/** References of all images that the manifests of an environment name. */
export const namedReferences = (environment: Environment): string[] =>
  namedImages(environment).map(([, reference]) => reference);

/**
 * References that the manifests of an environment name, by the kit's word for the image.
 * @throws EngineError when the kit cannot make one of them: its pods would wait for ever
 */
export function kitReferences(environment: Environment): Partial<Record<KitImageName, string>> {
  const references: Partial<Record<KitImageName, string>> = {};
  const unmade: string[] = [];
  for (const [name, reference] of namedImages(environment)) {
    const kitName = kitImage(name);
    if (kitName === undefined) unmade.push(reference);
    else references[kitName] = reference;
  }
  if (unmade.length === 0) return references;
  throw new EngineError(`the hermetic node cannot make ${unmade.join(", ")}`, {
    reason: "there is neither a Go module nor a given program to make it from",
    fix: "leave out what needs it, or take a cluster that reaches image registries: --context NAME",
  });
}

/** What an environment's images are on the node, where that is not what its manifests say. */
export interface MadeImages {
  /** References with the tag that the program deserves, where it is not the pinned one. */
  readonly overrides: Partial<Record<ImageName, string>>;
  /** Systems whose program nobody gave, with the sentence that says so. */
  readonly leftOut: Partial<Record<SystemName, string>>;
}

/** @throws KitError when a given program is there in a wrong version */
export function madeImages(environment: Environment): MadeImages {
  const images = imagesOf(environment.composition);
  const overrides: Partial<Record<ImageName, string>> = {
    // The runtime is this machine's own, with its libraries: the tag of the official image would be a lie.
    node: `${images.node.repository}:${process.version.replace(/^v/, "")}-hermetic`,
  };
  const leftOut: Partial<Record<SystemName, string>> = {};
  for (const [name, , by] of namedImages(environment)) {
    const kitName = kitImage(name);
    if (kitName === undefined) {
      for (const system of by) leftOut[system] = `${system} is left out: its images can be pulled, but not made here`;
      continue;
    }
    const { tool }: ImageSpec = IMAGES[kitName];
    if (!isGiven(tool)) continue;
    const version = givenVersion(tool);
    if (version === undefined) for (const system of by) leftOut[system] = `${system} is left out: ${absence(tool)}`;
    else if (version !== images[name].tag) overrides[name] = `${images[name].repository}:${version}`;
  }
  return { overrides, leftOut };
}
