/** What a validator of templates found. */
export interface Found {
  tool: 'cfn-lint' | 'cfn-validate' | 'cfn-guard';
  rule: string;
  file: string;
  /** Logical id, where the finding is about one resource. */
  resource?: string;
  message: string;
}

/** A template on disk. */
export interface TemplateFile {
  path: string;
  region: string;
}
