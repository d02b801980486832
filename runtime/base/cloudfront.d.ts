/**
 * The runtime's module, as far as we use it.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
 */
declare module 'cloudfront' {
  interface KeyValueStore {
    /** Rejects when the key does not exist. */
    get(key: string): Promise<string>;
    exists(key: string): Promise<boolean>;
  }
  const cloudfront: {
    /** The store that is associated with the function. */
    kvs(): KeyValueStore;
    /** Sends the request to another origin of the same distribution, whatever its cache behaviour says. */
    selectRequestOriginById(originId: string): void;
  };

  // biome-ignore lint/style/noDefaultExport: the runtime's module has one
  export { cloudfront as default };
}
