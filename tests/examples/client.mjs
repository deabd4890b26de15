// A client that retries, in Node.js. Usage: node client.mjs URL. NODE_EXTRA_CA_CERTS names a certificate to trust.
const tries = 20;
const pause = 200;

async function get(url) {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return await answer.text(); // an answer that breaks off fails here, not in fetch
    } catch (failure) {
      console.error(`try ${attempt}: ${failure.cause?.code ?? failure.message}`);
      if (attempt === tries) throw failure;
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }
}

console.log(await get(process.argv[2]));
