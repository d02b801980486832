/**
 * Headers of every answer of the site. The policy lets the page run its own scripts and styles, talk to its own API, and fetch
 * media from `origins`; nothing else, and nothing written into the page. `blob:` is how Media Source Extensions reach a video.
 * Sources: Content Security Policy Level 3 and Referrer Policy, W3C; Permissions Policy, W3C.
 */
export function siteHeaders(origins: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(origins),
    'cross-origin-opener-policy': 'same-origin',
    // The page is opened with a code, and URLs in it are tokens: it tells no other site where it is.
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

function contentSecurityPolicy(origins: readonly string[]): string {
  const media = origins.map((origin) => ` ${origin}`).join('');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${media}`,
    `media-src 'self' blob:${media}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
