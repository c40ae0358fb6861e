// openid-client (https://github.com/panva/openid-client) against the bank, as applications of others use it.
import assert from 'node:assert/strict';
import * as client from 'openid-client';
import { Person, base, callback, check, register } from './bank.mjs';

const CODE = ['authorization_code', 'refresh_token'];
const documents = (sub) => new URL(`/v1/dbo/users/${sub}/documents`, base);

function configured(id, authentication, options = {}) {
  return client.discovery(base, id, undefined, authentication, {
    // The first, because the bank speaks no TLS here; the other checks the signature of id tokens.
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    ...options,
  });
}

// A sign-in: code, PKCE, state, nonce, iss, id token with its signature. Gives back the tokens.
async function signIn(config, scope, options) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    state,
    nonce,
    max_age: '300',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const answer = await new Person().visit(address);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 300 };
  const others = { ...checks, expectedState: 'another' };
  await assert.rejects(client.authorizationCodeGrant(config, answer, others, {}, options));
  return client.authorizationCodeGrant(config, answer, checks, {}, options);
}

async function refused(request, error) {
  await assert.rejects(request, (failure) => {
    assert.equal(failure.error, error);
    return true;
  });
}

async function reads(config, token, address, options) {
  const answer = await client.fetchProtectedResource(config, token, address, 'GET', null, undefined, options);
  assert.equal(answer.status, 200);
  return answer.json();
}

// What follows a sign-in, whatever the client: userinfo, a call, refreshing, introspection, revocation.
async function useTokens(what, config, tokens, { address, options, introspects }) {
  const { sub } = tokens.claims();

  await check(`${what}: userinfo`, async () => {
    const told = await client.fetchUserInfo(config, tokens.access_token, sub, options);
    assert.equal(told.email, 'client@demo.test');
  });
  await check(`${what}: a call`, () => reads(config, tokens.access_token, address ?? documents(sub), options));
  const last = await check(`${what}: refreshed twice`, async () => {
    const next = await client.refreshTokenGrant(config, tokens.refresh_token, {}, options);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    return client.refreshTokenGrant(config, next.refresh_token, {}, options);
  });
  if (introspects) {
    await check(`${what}: tokens are active`, async () => {
      const state = await client.tokenIntrospection(config, last.access_token);
      assert.deepEqual([state.active, state.sub], [true, sub]);
      assert.equal((await client.tokenIntrospection(config, last.refresh_token)).active, true);
    });
  }
  await check(`${what}: revoked`, () => client.tokenRevocation(config, last.refresh_token));
  await check(`${what}: the refresh token is dead`, () =>
    refused(client.refreshTokenGrant(config, last.refresh_token, {}, options), 'invalid_grant'));
  if (introspects) {
    await check(`${what}: tokens are inactive`, async () => {
      assert.deepEqual(await client.tokenIntrospection(config, last.access_token), { active: false });
      assert.deepEqual(await client.tokenIntrospection(config, last.refresh_token), { active: false });
    });
  }
}

await check('discovery: OpenID Connect and RFC 8414 tell the same', async () => {
  const openId = await configured('budget-app', client.None());
  const oauth = await configured('budget-app', client.None(), { algorithm: 'oauth2' });
  assert.deepEqual(openId.serverMetadata(), oauth.serverMetadata());
});

const budget = await configured('budget-app', client.None());
const SCOPE = 'openid profile email documents:read';

await check('public client: whoever refuses is sent back', async () => {
  const state = client.randomState();
  const address = client.buildAuthorizationUrl(budget, {
    redirect_uri: callback,
    scope: SCOPE,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  const answer = await new Person('deny').visit(address);
  await refused(client.authorizationCodeGrant(budget, answer, { expectedState: state }), 'access_denied');
});

const signedIn = await check('public client: signs in', () => signIn(budget, SCOPE));
await useTokens('public client', budget, signedIn, {});

await check('public client: a refresh token used again ends its session', async () => {
  const tokens = await signIn(budget, SCOPE);
  const next = await client.refreshTokenGrant(budget, tokens.refresh_token);
  const last = await client.refreshTokenGrant(budget, next.refresh_token);
  await refused(client.refreshTokenGrant(budget, tokens.refresh_token), 'invalid_grant');
  await refused(client.refreshTokenGrant(budget, last.refresh_token), 'invalid_grant');
});

const scopes = ['documents:read'];
const server = { type: 'secret', grants: CODE, scopes, redirect_uris: [callback] };
for (const [method, authentication] of [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
]) {
  const { id, secret } = await register('shop', server);
  const config = await configured(id, authentication(secret));
  const tokens = await check(`${method}: signs in`, () => signIn(config, SCOPE));
  await useTokens(method, config, tokens, { introspects: true });

  const wrong = await configured(id, authentication('wrong'));
  await check(`${method}: a wrong secret is refused`, () =>
    assert.rejects(client.refreshTokenGrant(wrong, tokens.refresh_token), (failure) => {
      assert.deepEqual([failure.status, failure.cause[0].scheme], [401, 'basic']);
      return true;
    }));
}

const machine = { grants: ['client_credentials'], scopes: ['documents:read', 'tokens:introspect'] };
for (const [method, authentication] of [
  ['client_secret_basic', client.ClientSecretBasic],
  ['client_secret_post', client.ClientSecretPost],
]) {
  const { id, secret } = await register('gateway', { ...machine, type: 'secret' });
  const config = await configured(id, authentication(secret));
  await check(`${method}: a machine's token`, async () => {
    const tokens = await client.clientCredentialsGrant(config, { scope: 'documents:read' });
    assert.equal(tokens.scope ?? 'documents:read', 'documents:read');
    assert.equal((await client.tokenIntrospection(config, tokens.access_token)).client_id, id);
  });
}

for (const algorithm of ['ES256', 'PS256', 'RS256']) {
  const { privateKey, publicKey } = await client.randomDPoPKeyPair(algorithm, { extractable: true });
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'one', use: 'sig', alg: algorithm };
  const jwks = JSON.stringify({ keys: [jwk] });
  const authentication = client.PrivateKeyJwt({ key: privateKey, kid: 'one' });

  const { id } = await register('terminal', { ...machine, type: 'keys', jwks });
  const config = await configured(id, authentication);
  await check(`private_key_jwt, ${algorithm}: a machine's token`, async () => {
    const { access_token: token } = await client.clientCredentialsGrant(config);
    assert.equal((await client.tokenIntrospection(config, token)).active, true);
  });

  if (algorithm === 'PS256') {
    const portal = await register('portal', { ...server, type: 'keys', jwks });
    const asserting = await configured(portal.id, authentication);
    const tokens = await check('private_key_jwt: signs in', () => signIn(asserting, SCOPE));
    await useTokens('private_key_jwt', asserting, tokens, { introspects: true });
  }
}

async function bound(what, config, scope, rest) {
  const key = await client.randomDPoPKeyPair(rest?.algorithm ?? 'ES256');
  const options = { DPoP: client.getDPoPHandle(config, key) };
  const tokens = await check(`${what}: signs in`, () => signIn(config, scope, options));
  assert.equal(tokens.token_type, 'dpop');
  await check(`${what}: another key opens nothing`, async () => {
    const other = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) };
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, other));
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
  });
  await useTokens(what, config, tokens, { options, ...rest });
}

const me = new URL('/v1/users/me', base);
const web = await configured('bank-web', client.None());
await bound('DPoP, the bank\'s own client', web, 'openid email', { address: me });
await bound('DPoP, public client', budget, SCOPE, { algorithm: 'PS256' });
const strict = await register('strict', { ...server, type: 'secret', dpop_bound: true });
const strictly = await configured(strict.id, client.ClientSecretBasic(strict.secret));
await bound('DPoP, confidential client', strictly, SCOPE, { introspects: true });
await check('DPoP, confidential client: bearer tokens are refused', () =>
  refused(signIn(strictly, SCOPE), 'invalid_dpop_proof'));
await check('DPoP: a machine\'s token', async () => {
  const { id, secret } = await register('gateway', { ...machine, type: 'secret', dpop_bound: true });
  const config = await configured(id, client.ClientSecretPost(secret));
  const options = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) };
  const tokens = await client.clientCredentialsGrant(config, {}, options);
  assert.equal(tokens.token_type, 'dpop');
  await reads(config, tokens.access_token, new URL('/v1/abs/documents', base), options);
});
