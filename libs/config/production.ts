/** Whether NODE_ENV says that this is no place to try a product: what is good for that alone is refused then. */
export function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production';
}
