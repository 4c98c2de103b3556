/** The codecs' code, read and compiled once by main: the workers that run it may read nothing. */
export interface CodecModules {
  jpegDecoder: WebAssembly.Module;
  jpegEncoder: WebAssembly.Module;
  png: WebAssembly.Module;
  webpDecoder: WebAssembly.Module;
}

const FILES: Record<keyof CodecModules, string> = {
  jpegDecoder: import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  jpegEncoder: import.meta.resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm"),
  png: import.meta.resolve("@jsquash/png/codec/pkg/squoosh_png_bg.wasm"),
  webpDecoder: import.meta.resolve("@jsquash/webp/codec/dec/webp_dec.wasm"),
};

let compiled: Promise<CodecModules> | null = null;

/** Compiled at the first picture, then kept: 740 KB of code. */
export function codecModules(): Promise<CodecModules> {
  compiled ??= compileAll();
  return compiled;
}

async function compileAll(): Promise<CodecModules> {
  const compile = async (name: keyof CodecModules) =>
    await WebAssembly.compile(await Deno.readFile(new URL(FILES[name])));
  const [jpegDecoder, jpegEncoder, png, webpDecoder] = await Promise.all([
    compile("jpegDecoder"),
    compile("jpegEncoder"),
    compile("png"),
    compile("webpDecoder"),
  ]);
  return { jpegDecoder, jpegEncoder, png, webpDecoder };
}
