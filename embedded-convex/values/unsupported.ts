/** The error for what Convex can do and this server cannot: it names the feature, so that nobody debugs a gap. */
export function unsupported(feature: string): Error {
  return new Error(`The embedded Convex does not support ${feature}. Use a Convex deployment for it.`);
}
