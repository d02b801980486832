import nodeCrypto from 'node:crypto';

/** One import of the module for everything that is bundled together: the edge runtime knows default imports only. */
export const crypto = nodeCrypto;
