// The bank as the scripts see it: where it is, and who registers their clients there.
import assert from 'node:assert/strict';

export const base = new URL(process.argv[2] ?? 'http://127.0.0.1:8080');
const PASSWORD = 'demo-Passw0rd-2026';
// An application never listens there: the answer is read from the redirect itself.
export const callback = 'http://127.0.0.1:3000/callback';

// Tells that something holds, or that it does not.
export async function check(what, run) {
  try {
    const result = await run();
    console.log(`ok      ${what}`);
    return result;
  } catch (failure) {
    console.log(`FAILED  ${what}`);
    throw failure;
  }
}

// Registers a client, by the bank's own interface as an administrator does; gives back its id and secret.
export async function register(name, registration) {
  const admin = await post('/v1/auth/login', { email: 'admin@demo.test', password: PASSWORD });
  const client = { id: `${name}-${Date.now()}`, name, ...registration };
  return post('/v1/oauth_clients', client, { authorization: `Bearer ${admin.access_token}` });
}

async function post(path, body, headers = {}) {
  const answer = await fetch(new URL(path, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

// Somebody at a browser who is sent to the bank's pages. It keeps cookies, and sends of each form what is hidden in it.
export class Person {
  #cookies = new Map();
  #decision;

  constructor(decision = 'allow') {
    this.#decision = decision;
  }

  // Signs in and decides, if he is asked; gives back where the bank sends him then.
  async visit(address) {
    let page = await this.#open(address);
    page = await this.#submit(page, { email: 'client@demo.test', password: PASSWORD });
    if (!page.sentTo) {
      page = await this.#submit(page, { decision: this.#decision });
    }
    assert.ok(page.sentTo && page.sentTo.origin !== base.origin, `${page.status} ${page.html}`);
    return page.sentTo;
  }

  async #submit(page, typed) {
    const [form, action] = page.html.match(/<form method="post" action="([^"]*)">[^]*<\/form>/) ?? [];
    assert.ok(form, `a page without a form: ${page.status} ${page.html}`);
    const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
    const fields = new URLSearchParams([...hidden].map(([, name, value]) => [name, value]));
    for (const [name, value] of Object.entries(typed)) {
      assert.match(form, new RegExp(` name="${name}"`));
      fields.set(name, value);
    }
    return this.#open(new URL(action, page.address), { method: 'POST', body: fields });
  }

  async #open(address, request = {}) {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(address, { ...request, headers: cookie ? { cookie } : {}, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]*)=([^;]*)/);
      this.#cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    return {
      address,
      status: answer.status,
      html: await answer.text(),
      sentTo: location && new URL(location, address),
    };
  }
}
