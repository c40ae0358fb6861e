// The application of docs/api.md, which runs at the second address, and a person who opens it.
import assert from 'node:assert/strict';
import { Person, check } from './bank.mjs';

const application = process.argv[3];

await check('application: sends its user to the bank and knows who he is when he is back', async () => {
  const opened = await fetch(application, { redirect: 'manual' });
  const back = await new Person().visit(new URL(opened.headers.get('location')));
  const [cookie] = opened.headers.get('set-cookie').split(';');
  const page = await fetch(back, { headers: { cookie } });
  assert.match(await page.text(), /^Иван Сергеевич Петров: .*"documents":/);
  assert.equal((await fetch(back, { headers: { cookie } })).status, 400);
});

await check('application: knows no answer to a sign-in of another browser', async () => {
  const opened = await fetch(application, { redirect: 'manual' });
  const back = await new Person().visit(new URL(opened.headers.get('location')));
  assert.equal((await fetch(back)).status, 400);
});
