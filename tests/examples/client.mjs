// A client that retries, in Node.js. Usage: node client.mjs URL. NODE_EXTRA_CA_CERTS names a certificate to trust.
const tries = 20;
const pause = 200;
const patience = 5_000; // milliseconds for one try

async function get(url) {
  for (let attempt = 1; ; attempt++) {
    // A timer of its own: the one of AbortSignal.timeout() does not keep the program alive, and if a reset comes before the request is
    // written, Node.js 20 forgets it: with nothing left to wait for, the program would end in the middle of fetch, with exit code 13.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error(`no answer in ${patience} ms`)), patience);
    try {
      const answer = await fetch(url, { signal: limit.signal });
      return await answer.text(); // an answer that breaks off fails here, not in fetch
    } catch (failure) {
      console.error(`try ${attempt}: ${failure.cause?.code ?? failure.message}`);
      if (attempt === tries) throw failure;
      await new Promise(resolve => setTimeout(resolve, pause));
    } finally {
      clearTimeout(timer);
    }
  }
}

console.log(await get(process.argv[2]));
