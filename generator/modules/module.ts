/** A module as discovered: its contract, its settings schema, and where its two folders are. */
import type { JsonSchema } from '../config/compose-schema.ts';
import type { ModuleContract } from './contract.ts';

export interface Module {
  id: string;
  /** `templates/<id>`, absolute. */
  templates: string;
  /** `runtime/<id>`, absolute; it exists when the contract has functions. */
  runtime: string;
  schema: JsonSchema;
  contract: ModuleContract;
}
