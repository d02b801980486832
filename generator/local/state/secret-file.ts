/** Documents that are in Secrets Manager elsewhere: key record and issuer record, each with its version. */
import { randomUUID } from 'node:crypto';
import type { Document, SecretStore } from '../../../runtime/aws/secret-store.ts';
import { isRecord, type JsonFile, jsonFile } from './json-file.ts';

export type Secrets = Record<string, Document>;

/** Throws `CorruptState`. */
export function secretFile(file: string): JsonFile<Secrets> {
  return jsonFile<Secrets>(file, {
    empty: {},
    fault(value) {
      if (!isRecord(value)) return 'it is no object';
      const isDocument = (one: unknown): boolean =>
        isRecord(one) && typeof one.text === 'string' && typeof one.version === 'string';
      return Object.values(value).every(isDocument) ? undefined : 'a document has no text or no version';
    },
  });
}

export function secretStore(file: JsonFile<Secrets>, name: string): SecretStore {
  return {
    read: async () => file.value[name] ?? {},
    async replace(version, text) {
      if (file.value[name]?.version !== version) return 'conflict';
      file.replace({ ...file.value, [name]: { text, version: randomUUID() } });
      return 'done';
    },
  };
}
