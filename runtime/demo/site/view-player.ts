/** What stands over and under the video. */
import { box, button, byId, make, say, show } from './dom.ts';
import { duration, type Life, secondsLeft } from './lifetime.ts';

export interface Curtain {
  title: string;
  text: string;
  reason?: string;
  actions?: { label: string; isPrimary?: boolean; act: () => void }[];
}

/** Covers the video with a message. Who had the focus on a button of the last one has it on the first of this one. */
export function drawCurtain({ title, text, reason = '', actions = [] }: Curtain): void {
  say(box('curtain-title'), title);
  say(box('curtain-text'), text);
  say(box('curtain-reason'), reason);
  show(box('curtain-reason'), reason !== '');
  const place = box('curtain-actions');
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(
    ...actions.map(({ label, isPrimary = false, act }) => {
      const made = make('button', isPrimary ? 'primary' : '', label);
      made.setAttribute('type', 'button');
      made.addEventListener('click', act);
      return made;
    }),
  );
  show(box('curtain'), true);
  if (hadFocus) (place.querySelector('button') ?? box('watch')).focus({ preventScroll: true });
  byId('video', HTMLVideoElement).controls = false;
}

export function liftCurtain(): void {
  if (box('curtain-actions').contains(document.activeElement)) box('watch').focus({ preventScroll: true });
  show(box('curtain'), false);
  byId('video', HTMLVideoElement).controls = true;
}

/** One line below the video that is read out. */
export function status(text: string): void {
  say(box('status'), text);
}

/** What came of the last button that was pressed. */
export function told(text: string): void {
  say(box('said'), text);
}

export function showRequests(count: number): void {
  box('requests').textContent = String(count);
}

/** What is left of the session's token; nothing is, once the session is revoked. */
export function showLife(session: { life: Life | undefined; isRevoked: boolean } | undefined, now: number): void {
  const { life, isRevoked = false } = session ?? {};
  show(box('life'), life !== undefined);
  if (life === undefined) return;
  const left = isRevoked ? 0 : secondsLeft(life, now);
  const ended = isRevoked ? ['Session is', 'revoked'] : ['Token has', 'ended'];
  const [what = '', rest = ''] = left === 0 ? ended : ['Token ends in', duration(left)];
  box('left-what').textContent = what;
  box('left').textContent = rest;
  byId('left-bar', HTMLProgressElement).value = life.whole > 0 ? left / life.whole : 0;
}

/** Which buttons there is something to do for. */
export function allow({ start, session, revoke }: { start: boolean; session: boolean; revoke: boolean }): void {
  enable('start', start);
  enable('refresh', session);
  enable('revoke', revoke);
}

/** A button that is disabled loses the focus to nowhere: then the player has it. */
export function enable(id: 'start' | 'refresh' | 'revoke', isUsable: boolean): void {
  const target = button(id);
  if (!isUsable && target === document.activeElement) box('watch').focus({ preventScroll: true });
  target.disabled = !isUsable;
}

/** On a phone the player is above the form. */
export function showPlayer(): void {
  const { top } = box('watch').getBoundingClientRect();
  if (top >= 0 && top < innerHeight) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  box('watch').scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' });
}
