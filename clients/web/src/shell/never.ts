/** Ends a `switch` over messages: a new kind of message stops the build until it has a branch. */
export function assertNever(value: never): never {
  throw new Error(`nobody thought of this: ${JSON.stringify(value)}`)
}
