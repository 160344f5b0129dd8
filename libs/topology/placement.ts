/** Which process hosts which modules. */
export class Placement {
  constructor(
    /** The name of the topology that runs. */
    readonly topology: string,
    readonly processes: readonly { readonly name: string; readonly hosts: string[] }[],
  ) {}
}
