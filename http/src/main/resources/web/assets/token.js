/** Asking for the read token, once at a time. */

import { keepToken } from './api.js';
import { h } from './dom.js';

const token = h('input', {
  id: 'token', name: 'token', type: 'password', autocomplete: 'current-password', required: true,
});
const form = h(
  'form', { method: 'dialog' },
  h('h2', { id: 'token-title' }, 'This server asks for a read token'),
  h('p', {}, 'It is kept until you close this tab.'),
  h('label', { for: 'token' }, 'Token'),
  token,
  h('button', { type: 'submit' }, 'Continue'),
);
const dialog = h('dialog', { class: 'token', 'aria-labelledby': 'token-title' }, form);
document.body.append(dialog);

/** Whether somebody is being asked right now. */
export const isAsking = () => dialog.open;

/** Asks for the token, keeps it, then calls `onKept`. */
export function askForToken(onKept) {
  if (dialog.open) return;
  dialog.showModal();
  dialog.addEventListener('close', () => {
    keepToken(token.value.trim());
    form.reset();
    onKept();
  }, { once: true });
}
