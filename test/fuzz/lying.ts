/** Two well-formed tokens that lie about. */
import { claims, SESSION, token } from '../runtime/base/world.ts';

export const LYING = [token(claims(['/vod/'])), token(claims(['/query/'], { ssn: SESSION }))];
