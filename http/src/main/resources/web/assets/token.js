/** Asking for the read token, once at a time. */

import { keepToken } from './api.js';
import { byId } from './dom.js';

/** Whether somebody is being asked right now. */
export const isAsking = () => byId('token-dialog').open;

/** Asks for the token, keeps it, then calls `onKept`. */
export function askForToken(onKept) {
  const dialog = byId('token-dialog');
  if (dialog.open) return;
  dialog.showModal();
  dialog.addEventListener('close', () => {
    keepToken(byId('token').value.trim());
    byId('token-form').reset();
    onKept();
  }, { once: true });
}
