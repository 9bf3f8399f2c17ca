import type { Composition, ImageName } from "./composition";

/** An image as its publisher names it. */
export interface Image {
  /** With its registry: `docker.io/grafana/loki`. */
  readonly repository: string;
  /** A full version: a tag that moves, such as `3` or `latest`, is refused by the policy `images-pinned`. */
  readonly tag: string;
}

/**
 * Every image of the systems, by name. Versions are those that the live suite ran wherever that is possible;
 * `docs/features.md` names the exceptions (Grafana and Tempo 3 have no build in the hermetic kit).
 * @throws Error when two systems mean different images by one name: a fault of the program, not of the configuration
 */
export function imagesOf({ systems }: Composition): Readonly<Record<ImageName, Image>> {
  const images = new Map<string, Image>();
  for (const [name, image] of systems.flatMap((system) => Object.entries(system.images))) {
    const { repository, tag } = images.get(name) ?? image;
    if (repository !== image.repository || tag !== image.tag) {
      throw new Error(`the image ${name} is ${repository}:${tag} and ${image.repository}:${image.tag}`);
    }
    images.set(name, image);
  }
  return Object.fromEntries(images) as Readonly<Record<ImageName, Image>>;
}

/** What an environment says of where images come from. */
interface Sources {
  readonly composition: Composition;
  readonly images: {
    readonly mirror?: string | undefined;
    readonly overrides: { readonly [Name in ImageName]?: string | undefined };
  };
}

/**
 * The full reference of an image: that of `images.overrides`, else `repository:tag`, its registry replaced by
 * `images.mirror` when one is set.
 */
export function imageReference({ composition, images: { mirror, overrides } }: Sources, name: ImageName): string {
  const override = overrides[name];
  if (override !== undefined) return override;
  const { repository, tag } = imagesOf(composition)[name];
  const path = mirror === undefined ? repository : `${mirror}/${repository.slice(repository.indexOf("/") + 1)}`;
  return `${path}:${tag}`;
}

/** The version part of an image reference, for labels and tables. */
export function imageVersion(reference: string): string {
  const tag = reference.slice(reference.lastIndexOf(":") + 1);
  return tag.replace(/^v/, "");
}
