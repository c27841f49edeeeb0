// Puts an answer on the line, as it should be or as a fault wants it: late, cut, in drips, with a wrong length.
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function send(response, answer, sending = {}) {
  const { socket } = response;
  let body = answer.bytes ?? Buffer.from(answer.text ?? '');
  const bare = answer.status === 304 || answer.status === 204;
  if (bare) body = Buffer.alloc(0);
  if (sending.never) return; // until the client gives up, or the server ends
  if (sending.raw) {
    socket.end(sending.raw);
    return;
  }
  if (sending.reset === 0 && !sending.headers) {
    socket.resetAndDestroy ? socket.resetAndDestroy() : socket.destroy();
    return;
  }
  if (sending.delay) await pause(sending.delay);
  if (response.destroyed) return;
  const headers = { ...answer.headers };
  if (!bare && !sending.chunked && !sending.drip) headers['Content-Length'] = String(Math.round(body.length * (sending.length ?? 1)) + (sending.pad ?? 0));
  // Node's own check of lengths would stand in the way of lying.
  response.strictContentLength = false;
  response.writeHead(answer.status, headers);
  if (sending.length) {
    response.flushHeaders();
    const wanted = Math.round(body.length * sending.length);
    socket.write(body.subarray(0, wanted), () => (sending.end ? socket.destroy() : socket.end()));
    return;
  }
  if (sending.reset !== undefined || sending.cut !== undefined) {
    response.flushHeaders();
    const part = body.subarray(0, Math.floor(body.length * (sending.reset || sending.cut || 0)));
    response.write(part.length ? part : Buffer.from(' '));
    await pause(5);
    if (sending.reset !== undefined && socket.resetAndDestroy) socket.resetAndDestroy();
    else socket.destroy();
    return;
  }
  if (sending.pad) return padded(response, body, sending.pad);
  if (sending.drip) {
    const { pieces, wait } = sending.drip;
    const size = Math.max(1, Math.ceil(body.length / pieces));
    for (let begin = 0; begin < body.length && !response.destroyed; begin += size) {
      response.write(body.subarray(begin, begin + size));
      await pause(wait);
    }
  } else if (body.length) response.write(body);
  response.end();
}

// Blanks before the end of the JSON: valid, and more than anybody wants.
async function padded(response, body, count) {
  const blanks = Buffer.alloc(1 << 20, 0x20);
  response.write(body.subarray(0, -1));
  for (let left = count; left > 0 && !response.destroyed; left -= blanks.length) {
    if (!response.write(blanks.subarray(0, Math.min(left, blanks.length)))) await new Promise((done) => { response.once('drain', done); response.once('close', done); });
  }
  response.end(body.subarray(-1));
}
