/** The access code: asked for in a dialog, kept until the tab is closed. */
import { box, byId, say } from './dom.ts';

const KEPT_AS = 'edgepass-code';

export function accessCode(): string | undefined {
  return sessionStorage.getItem(KEPT_AS) ?? undefined;
}

/**
 * Asks until `isRight` says so. There is no way past the dialog: nothing of the page works without a code. `fault` is what was
 * wrong with a code that was kept.
 */
export async function openDoor(isRight: () => Promise<string>, fault = ''): Promise<void> {
  const door = byId('door', HTMLDialogElement);
  const field = byId('door-code', HTMLInputElement);
  const form = byId('door-form', HTMLFormElement);
  // Pages may prevent one `cancel` only, and not every browser knows `closedby`.
  const reopen = () => door.showModal();
  door.addEventListener('cancel', (event) => event.preventDefault());
  door.addEventListener('close', reopen);
  say(box('door-fault'), fault);
  if (!door.open) door.showModal();
  await new Promise<void>((resolve) => {
    form.addEventListener('submit', async function submitted(event) {
      event.preventDefault();
      sessionStorage.setItem(KEPT_AS, field.value.trim());
      const wrong = await isRight();
      say(box('door-fault'), wrong);
      if (wrong === '') {
        form.removeEventListener('submit', submitted);
        door.removeEventListener('close', reopen);
        field.value = '';
        door.close();
        resolve();
        return;
      }
      sessionStorage.removeItem(KEPT_AS);
      field.select();
    });
  });
}
