/** The bare pipe: gives back every byte that it is sent. */
await Deno.stdin.readable.pipeTo(Deno.stdout.writable);
