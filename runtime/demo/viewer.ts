/**
 * Runs on every request to the demo's distribution, and does what the function in front of the token API's viewers does: it says
 * who the viewer is, under a name that nobody else can write, and states the hash of a body that is not there.
 */
export { handler } from '../api/viewer-request.ts';
