// Finds the few colours that a picture is made of, and writes each pixel as the number of one.
async ([data, most]) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const { width, height } = bitmap;
  const paper = new OffscreenCanvas(width, height).getContext('2d');
  paper.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);

  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const apart = (a, b) => a.reduce((sum, part, at) => sum + (part - b[at]) ** 2, 0);
  const colours = [...counts].map(([colour, count]) => ({
    colour, count, rgb: parts(colour), far: 10800, nearest: 0,
  }));
  // The next colour is one that is much used and far from those there are; ties by its number.
  const weight = (one) => Math.sqrt(one.count) * one.far;
  colours.sort((a, b) => a.colour - b.colour);
  const chosen = [];
  while (chosen.length < Math.min(most, colours.length)) {
    const next = colours.reduce((best, one) => (weight(one) > weight(best) ? one : best));
    for (const one of colours) {
      const far = apart(one.rgb, next.rgb);
      if (far < one.far || one === next) Object.assign(one, { far, nearest: chosen.length });
    }
    chosen.push(next.rgb);
  }
  const numbers = new Map(colours.map((one) => [one.colour, one.nearest]));
  const written = Uint8Array.from(pixels, (pixel) => numbers.get(pixel));
  let text = '';
  for (let at = 0; at < written.length; at += 32768) {
    text += String.fromCharCode(...written.subarray(at, at + 32768));
  }
  return [width, height, chosen.flat(), btoa(text)];
}
