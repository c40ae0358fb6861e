// oauth4webapi (https://github.com/panva/oauth4webapi) against the bank: each step by itself, and as a resource server.
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { Person, base, callback, check, register } from './bank.mjs';

// The bank speaks no TLS here.
const plain = { [oauth.allowInsecureRequests]: true };
const SCOPE = 'openid profile documents:read';
const documents = (sub) => new URL(`/v1/dbo/users/${sub}/documents`, base);

async function discovered(algorithm) {
  return oauth.processDiscoveryResponse(base, await oauth.discoveryRequest(base, { ...plain, algorithm }));
}

const bank = await check('discovery: OpenID Connect and RFC 8414 tell the same', async () => {
  const server = await discovered('oidc');
  assert.deepEqual(server, await discovered('oauth2'));
  return server;
});

async function refused(request, error, status = 400) {
  await assert.rejects(request, (failure) => {
    assert.deepEqual([failure.status, failure.error ?? failure.cause[0].parameters.error], [status, error]);
    return true;
  });
}

// A client that repeats what it is asked a nonce for.
class Application {
  constructor(id, authentication, key) {
    this.client = { client_id: id };
    this.authentication = authentication;
    this.options = { ...plain, DPoP: key && oauth.DPoP(this.client, key) };
  }

  async #repeated(send) {
    try {
      return await send();
    } catch (failure) {
      if (!oauth.isDPoPNonceError(failure)) {
        throw failure;
      }
      return send();
    }
  }

  async signIn(scope) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const address = new URL(bank.authorization_endpoint);
    address.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.client.client_id,
      redirect_uri: callback,
      scope,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const answer = await new Person().visit(address);
    const forged = new URL(answer);
    forged.searchParams.set('iss', 'https://example.com');
    assert.throws(() => oauth.validateAuthResponse(bank, this.client, forged, state), /"iss"/);
    assert.throws(() => oauth.validateAuthResponse(bank, this.client, answer, 'another'), /"state"/);
    const code = oauth.validateAuthResponse(bank, this.client, answer, state);
    return this.#repeated(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        bank, this.client, this.authentication, code, callback, verifier, this.options);
      const checks = { expectedNonce: nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(bank, this.client, response, checks);
      await oauth.validateApplicationLevelSignature(bank, response, plain);
      return { ...tokens, sub: oauth.getValidatedIdTokenClaims(tokens).sub };
    });
  }

  userInfo(token, sub) {
    return this.#repeated(async () => oauth.processUserInfoResponse(
      bank, this.client, sub, await oauth.userInfoRequest(bank, this.client, token, this.options)));
  }

  call(token, address) {
    return this.#repeated(() =>
      oauth.protectedResourceRequest(token, 'GET', address, undefined, undefined, this.options));
  }

  refresh(token, scope) {
    const options = { ...this.options, additionalParameters: scope && { scope } };
    return this.#repeated(async () => oauth.processRefreshTokenResponse(bank, this.client,
      await oauth.refreshTokenGrantRequest(bank, this.client, this.authentication, token, options)));
  }

  own(scope) {
    return this.#repeated(async () => oauth.processClientCredentialsResponse(bank, this.client,
      await oauth.clientCredentialsGrantRequest(
        bank, this.client, this.authentication, scope ? { scope } : {}, this.options)));
  }

  async introspect(token) {
    return oauth.processIntrospectionResponse(bank, this.client,
      await oauth.introspectionRequest(bank, this.client, this.authentication, token, plain));
  }

  async revoke(token) {
    return oauth.processRevocationResponse(
      await oauth.revocationRequest(bank, this.client, this.authentication, token, plain));
  }
}

const scopes = ['documents:read'];
const SERVER = { grants: ['authorization_code', 'refresh_token'], scopes, redirect_uris: [callback] };
const MACHINE = { grants: ['client_credentials'], scopes: ['documents:read', 'tokens:introspect'] };

async function bySecret(name, registration, method, key) {
  const { id, secret } = await register(name, { ...registration, type: 'secret', dpop_bound: Boolean(key) });
  return new Application(id, method(secret), key);
}

async function byKey(name, registration) {
  const { privateKey, publicKey } = await oauth.generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'one' }] });
  const { id } = await register(name, { ...registration, type: 'keys', jwks });
  return new Application(id, oauth.PrivateKeyJwt({ key: privateKey, kid: 'one' }));
}

const gateway = await bySecret('gateway', MACHINE, oauth.ClientSecretBasic);
for (const [method, machine] of Object.entries({
  client_secret_basic: gateway,
  client_secret_post: await bySecret('gateway', MACHINE, oauth.ClientSecretPost),
  private_key_jwt: await byKey('terminal', MACHINE),
  'client_secret_basic with DPoP': await bySecret(
    'gateway', MACHINE, oauth.ClientSecretBasic, await oauth.generateKeyPair('ES256')),
})) {
  await check(`${method}: a machine's token`, async () => {
    const { access_token: token } = await machine.own('documents:read');
    assert.equal((await machine.call(token, new URL('/v1/abs/documents', base))).status, 200);
    const { active, scope } = await machine.introspect(token);
    assert.deepEqual([active, scope], [true, 'documents:read']);
  });
  await check(`${method}: no scope it has not`, () => refused(machine.own('users:write'), 'invalid_scope'));
}

const me = new URL('/v1/users/me', base);
for (const [what, application, scope, address] of [
  ['public client', new Application('budget-app', oauth.None()), SCOPE],
  ['public client with DPoP', new Application('budget-app', oauth.None(), await oauth.generateKeyPair('PS256')), SCOPE],
  ['the bank\'s own client', new Application('bank-web', oauth.None()), 'openid', me],
  ['the bank\'s own client with DPoP',
    new Application('bank-web', oauth.None(), await oauth.generateKeyPair('ES256')), 'openid', me],
  ['client_secret_basic', await bySecret('shop', SERVER, oauth.ClientSecretBasic), SCOPE],
  ['client_secret_post', await bySecret('shop', SERVER, oauth.ClientSecretPost), SCOPE],
  ['private_key_jwt', await byKey('portal', SERVER), SCOPE],
  ['client_secret_basic with DPoP',
    await bySecret('strict', SERVER, oauth.ClientSecretBasic, await oauth.generateKeyPair('ES256')), SCOPE],
]) {
  const tokens = await check(`${what}: signs in`, () => application.signIn(scope));
  const { sub, access_token: access } = tokens;
  await check(`${what}: userinfo`, () => application.userInfo(access, sub));
  await check(`${what}: a call`, async () =>
    assert.equal((await application.call(access, address ?? documents(sub))).status, 200));
  await check(`${what}: the access token is what RFC 9068 says`, async () => {
    const request = new Request(me, { headers: await headersOf(application, access) });
    const claims = await oauth.validateJwtAccessToken(bank, request, 'bank', plain);
    assert.equal(claims.sub, sub);
  });

  const next = await check(`${what}: refreshed`, () => application.refresh(tokens.refresh_token));
  const last = await check(`${what}: refreshed by name of the scope`, () =>
    application.refresh(next.refresh_token, scope));
  await check(`${what}: a machine that may sees it active`, async () =>
    assert.deepEqual((await gateway.introspect(last.access_token)).sub, sub));
  await check(`${what}: a refresh token used again ends the session`, async () => {
    await refused(application.refresh(tokens.refresh_token), 'invalid_grant');
    await refused(application.refresh(last.refresh_token), 'invalid_grant');
    assert.deepEqual(await gateway.introspect(last.access_token), { active: false });
  });

  const again = await application.signIn(scope);
  await check(`${what}: revoked by the access token`, () => application.revoke(again.access_token));
  await check(`${what}: the refresh token is dead`, () =>
    refused(application.refresh(again.refresh_token), 'invalid_grant'));
}

// Headers of a request with a token, as the library makes them for one it sends.
async function headersOf(application, token) {
  let sent;
  const options = {
    ...application.options,
    [oauth.customFetch]: (_, request) => {
      sent = request.headers;
      return Response.json({});
    },
  };
  await oauth.protectedResourceRequest(token, 'GET', me, undefined, undefined, options);
  return sent;
}
