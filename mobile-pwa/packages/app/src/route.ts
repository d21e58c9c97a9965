/** Where the user is. The address says it, so that reloading and going back work. */
export type Route = {readonly kind: 'home'} | {readonly kind: 'plugin'; readonly name: string};

export function readRoute(hash: string): Route {
  const name = /^#\/plugin\/([a-z][a-z0-9_]*)$/.exec(hash)?.[1];
  return name === undefined ? {kind: 'home'} : {kind: 'plugin', name};
}

export function pluginHref(name: string): string {
  return `#/plugin/${name}`;
}
