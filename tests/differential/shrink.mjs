/** The least of a body for which something still fails, as far as leaving out pieces of it gets. */
export async function shrink(body, fails) {
  let left = 10_000;
  for (let size = body.length >> 1; size > 0; ) {
    const before = body.length;
    for (let start = 0; start < body.length && left > 0; left -= 1) {
      const shorter = Buffer.concat([body.subarray(0, start), body.subarray(start + size)]);
      if (await fails(shorter)) body = shorter;
      else start += size;
    }
    if (body.length === before || left === 0) size >>= 1;
  }
  return body;
}
