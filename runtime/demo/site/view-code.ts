/** The playback URL as a QR code. It is drawn when it is looked at: a URL of 600 characters is not nothing. */
import { correction, generate } from 'lean-qr';
import { box, button, byId, show } from './dom.ts';

/** Black on white in the dark too: cameras want it so. */
export function drawCode(url: string): void {
  const canvas = byId('code', HTMLCanvasElement);
  generate(url, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M }).toCanvas(canvas, {
    on: [0, 0, 0, 255],
    off: [255, 255, 255, 255],
    pad: 4,
  });
}

/** `url` is asked for its value when the code is opened. */
export function wireCode(url: () => string | undefined): void {
  button('show-code').addEventListener('click', () => {
    const part = box('code-part');
    const current = url();
    const opens = part.hidden && current !== undefined;
    if (opens) drawCode(current);
    show(part, opens);
    show(box('code-here'), /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname));
    button('show-code').setAttribute('aria-expanded', String(opens));
  });
}
