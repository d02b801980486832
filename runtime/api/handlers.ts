/** What each operation does. */
import type { Handler } from './api.ts';
import { deleteAsset, getAsset, listAssets, listPolicies, putAsset } from './assets.ts';
import { openApi } from './openapi.ts';
import type { OperationId } from './operations.ts';
import { createPlayback, refreshSession } from './playback.ts';
import { liftRevocation, revokeSession } from './revocations.ts';

export const HANDLERS: Readonly<Record<OperationId, Handler>> = {
  createPlayback,
  refreshSession,
  revokeSession,
  liftRevocation,
  listAssets,
  getAsset,
  putAsset,
  deleteAsset,
  listPolicies,
  describe: async ({ mount }) => ({ status: 200, body: openApi(mount.kind) }),
};
