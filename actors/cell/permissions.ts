/**
 * What a worker may do: speak to the hosts of its own persona. Each permission is named, since one that is left out would be
 * inherited from the cell, which may read the source.
 */
export function workerPermissions(hosts: string[]) {
  return {
    net: hosts,
    read: false,
    write: false,
    env: false,
    run: false,
    sys: false,
    ffi: false,
    import: false,
  } satisfies Deno.PermissionOptions;
}
