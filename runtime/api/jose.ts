/** What is used of `jose`, so that a bundle has this and not all of it although it is loaded late. */
export { createRemoteJWKSet, jwtVerify } from 'jose';
