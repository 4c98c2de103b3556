/** What code in a worker might try, each as code of its own. `await` works in it; what it returns is what it got. */

export interface Places {
  /** A folder with `secret.json`, the socket `run/.s.PGSQL.5432` and the cell's lock. */
  dataDir: string;
  /** Of this checkout. */
  root: string;
  /** Port of a database that listens on every address of this machine. */
  databasePort: number;
  /** `host:port` of this persona's platform; `/to?url` redirects. */
  own: string;
  /** `host:port` of another persona's platform, which the cell may speak to. */
  other: string;
}

const q = JSON.stringify;
const node = (module: string) => `(await import("node:${module}")).default`;

export function onDisk({ dataDir, root }: Places): Record<string, string> {
  const secret = q(`${dataDir}/secret.json`);
  return {
    "read a system file": `return await Deno.readTextFile("/etc/passwd")`,
    "read a system file by node": `return ${node("fs")}.readFileSync("/etc/passwd", "utf8")`,
    "read its environment in /proc": `return await Deno.readTextFile("/proc/self/environ")`,
    "read in DATA_DIR": `return await Deno.readTextFile(${secret})`,
    "read in DATA_DIR by node": `return await ${node("fs")}.promises.readFile(${secret}, "utf8")`,
    "import from DATA_DIR": `return (await import(${secret}, { with: { type: "json" } })).default.secret`,
    "import a text from DATA_DIR": `return (await import(${secret}, { with: { type: "text" } })).default`,
    "list DATA_DIR": `return Array.from(Deno.readDirSync(${q(dataDir)})).length`,
    "look at a file of DATA_DIR": `return (await Deno.stat(${secret})).size`,
    "write in DATA_DIR": `return await Deno.writeTextFile(${q(`${dataDir}/new`)}, "x")`,
    "write in DATA_DIR by node": `return ${node("fs")}.writeFileSync(${q(`${dataDir}/new`)}, "x")`,
    "write over a file": `return await Deno.writeTextFile(${secret}, "x")`,
    "remove a file": `return await Deno.remove(${secret})`,
    "make a database there": `new (await import("node:sqlite")).DatabaseSync(${
      q(`${dataDir}/new`)
    }).exec("create table t (a)")`,
    "open its cell's lock": `return await Deno.open(${q(`${dataDir}/1.lock`)}, { write: true })`,
    "read the settings": `return await Deno.readTextFile(${q(`${root}/.env`)})`,
    "read the settings by node": `return ${node("fs")}.readFileSync(${q(`${root}/.env`)}, "utf8")`,
    "list its own folder": `return Array.from(Deno.readDirSync(${q(`${root}/actors/persona`)})).length`,
    "read its own source": `return await Deno.readTextFile(${q(`${root}/actors/cell/main.ts`)})`,
    "write into its own folder": `return await Deno.writeTextFile(${q(`${root}/actors/cell/new.ts`)}, "x")`,
    "fetch a file": `return await (await fetch(${q(`file://${root}/README.md`)})).text()`,
    "import the program": `return Object.keys(await import(${q(`file://${root}/config.ts`)}))`,
    "keep something in a cache":
      `const cache = await caches.open("x"); await cache.put("http://a.invalid/", new Response("x")); return "kept"`,
    "make a temporary file": `return await Deno.makeTempFile()`,
  };
}

export function onTheMachine(): Record<string, string> {
  const library = `Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }).symbols.getpid()`;
  const worker = (permissions: string, code: string) =>
    `return await new Promise((resolve, reject) => {
      const worker = new Worker("data:text/javascript," + encodeURIComponent(${
      q(code)
    }), { type: "module", deno: { permissions: ${permissions} } });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message)); };
    })`;
  const reads = `self.postMessage(Deno.readTextFileSync("/etc/passwd"))`;
  return {
    "a variable of the environment": `return Deno.env.get("HOME")`,
    "the whole environment": `return JSON.stringify(Deno.env.toObject())`,
    "change the environment": `return Deno.env.set("HOME", "/tmp")`,
    "the environment by node": `const { HOME } = ${
      node("process")
    }.env; if (HOME === undefined) throw new Deno.errors.NotCapable("nothing is in it"); return HOME`,
    "speak on its cell's pipe": `return Deno.stdout.writeSync(new TextEncoder().encode("probe.2 1 0 {}\\n"))`,
    "speak on its cell's pipe by node": `${node("process")}.stdout.write("probe.2 1 0 {}\\n"); return "said"`,
    "hear what others are told": `return Deno.stdin.readSync(new Uint8Array(10))`,
    "start a process": `return (await new Deno.Command("/bin/sh", { args: ["-c", "id"] }).output()).code`,
    "start a process by node": `return ${
      node("child_process")
    }.execFileSync("/bin/sh", ["-c", "id"]).toString()`,
    "start a copy of itself": `return ${node("child_process")}.fork("/etc/passwd").pid`,
    "signal main": `return Deno.kill(Deno.ppid, "SIGCONT")`,
    "signal main by node": `return ${node("process")}.kill(Deno.ppid, "SIGCONT")`,
    "load a library": `return ${library}`,
    "load an addon": `return ${node("process")}.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6")`,
    "the name of the machine": `return Deno.hostname()`,
    "the name of the machine by node": `return ${node("os")}.hostname()`,
    "its system": `return Deno.osRelease()`,
    "its network": `return JSON.stringify(Deno.networkInterfaces())`,
    "its load": `return Deno.loadavg()`,
    "its user": `return Deno.uid()`,
    "its user by node": `return ${node("os")}.userInfo().username`,
    "its memory": `return Deno.systemMemoryInfo().total`,
    "ask for more":
      `const { state } = await Deno.permissions.request({ name: "read" }); if (state !== "granted") throw new Deno.errors.NotCapable(state); return state`,
    "a worker that may more": worker(`{ read: true }`, reads),
    "a worker that may the same": worker(`"inherit"`, reads),
    "a thread of node": `return await new Promise((resolve, reject) => {
      import("node:worker_threads").then(({ Worker }) => {
        const worker = new Worker("require('node:worker_threads').parentPort.postMessage(require('node:fs').readFileSync('/etc/passwd', 'utf8'))", { eval: true });
        worker.on("message", resolve); worker.on("error", reject);
      }).catch(reject);
    })`,
  };
}

export function onTheNet({ dataDir, databasePort, own, other }: Places): Record<string, string> {
  const fetched = (url: string) =>
    `return (await fetch(${q(url)}, { signal: AbortSignal.timeout(3000) })).status`;
  const connected = (hostname: string, port: number) =>
    `return (await Deno.connect({ hostname: ${q(hostname)}, port: ${port} })).remoteAddr.port`;
  const byNode = (options: string) =>
    `return await new Promise((resolve, reject) => {
      import("node:net").then(({ connect }) => connect(${options}).on("error", reject).on("connect", () => resolve("connected"))).catch(reject);
    })`;
  const socket = q(`${dataDir}/run/.s.PGSQL.5432`);
  const loopback = [
    "127.0.0.1",
    "localhost",
    "127.1",
    "127.0.0.2",
    "2130706433",
    "0177.0.0.1",
    "0x7f000001",
    "0.0.0.0",
  ];
  const six = [
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:7f00:0001",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
  ];
  const near = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[::ffff:10.0.0.1]",
  ];
  const forms = [...loopback, ...six];
  const inUrl = (name: string) => name.includes(":") ? `[${name}]` : name;
  return {
    ...Object.fromEntries(
      forms.map((
        name,
      ) => [`the database at ${name}, asked`, fetched(`http://${inUrl(name)}:${databasePort}/`)]),
    ),
    ...Object.fromEntries(forms.map((name) => [`the database at ${name}`, connected(name, databasePort)])),
    ...Object.fromEntries(
      forms.map((
        host,
      ) => [`the database at ${host} by node`, byNode(`{ host: ${q(host)}, port: ${databasePort} }`)]),
    ),
    ...Object.fromEntries(near.map((name) => [`an address inside: ${name}`, fetched(`http://${name}/`)])),
    "the database's socket": `return await Deno.connect({ transport: "unix", path: ${socket} })`,
    "the database's socket by node": byNode(`{ path: ${socket} }`),
    "another persona's platform": fetched(`http://${other}/`),
    "a name outside": fetched("http://pds.invalid/"),
    "an address outside": fetched("http://192.0.2.1/"),
    "a redirect to another persona's platform": fetched(`http://${own}/to?http://${other}/`),
    "a redirect to the database": fetched(`http://${own}/to?http://127.0.0.1:${databasePort}/`),
    "a redirect to the database in another form": fetched(
      `http://${own}/to?http://[::ffff:7f00:1]:${databasePort}/`,
    ),
    "a redirect to a file": fetched(`http://${own}/to?file:///etc/passwd`),
    "a WebSocket to the database":
      `return await new Promise((resolve, reject) => { const socket = new WebSocket("ws://127.0.0.1:${databasePort}/"); socket.onopen = () => resolve("open"); socket.onerror = (event) => reject(new Error(event.message)); })`,
    "code of another host": `return Object.keys(await import("http://${other}/code.js"))`,
    "code of its own host": `return Object.keys(await import("http://${own}/code.js"))`,
    "a package that is not here": `return Object.keys(await import("npm:left-pad@1.3.0"))`,
    "listen": `return Deno.listen({ port: 0 }).addr.port`,
    "listen by node":
      `return await new Promise((resolve, reject) => { import("node:http").then(({ createServer }) => createServer().on("error", reject).listen(0, () => resolve("listening"))).catch(reject); })`,
    "datagrams by node":
      `return await new Promise((resolve, reject) => { import("node:dgram").then(({ createSocket }) => { const socket = createSocket("udp4"); socket.on("error", reject); socket.send("x", ${databasePort}, "127.0.0.1", (error) => error ? reject(error) : resolve("sent")); }).catch(reject); })`,
    "ask for an address":
      `return await Deno.resolveDns("localhost", "A", { nameServer: { ipAddr: "127.0.0.1", port: ${databasePort} } })`,
    "ask for an address by node": `return JSON.stringify(await ${node("dns")}.promises.lookup("localhost"))`,
    "be looked into": `return ${node("inspector")}.open(0, "127.0.0.1")`,
  };
}
