/** Import boundaries: data flows one way, and a reader can rely on it. */
module.exports = {
  forbidden: [
    {
      name: 'only-aws-imports-an-aws-sdk',
      severity: 'error',
      from: { path: '^generator/', pathNot: '^generator/aws/' },
      to: { path: '(^|node_modules/)@aws-sdk/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'runtime-stands-alone',
      comment: 'What runs in AWS knows nothing of the generator; an edge entry may read the types of the contract.',
      severity: 'error',
      from: { path: '^runtime/' },
      to: { path: '^(generator|templates)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-knows-no-module',
      severity: 'error',
      from: { path: '^generator/', pathNot: '^generator/(local/|commands/(token|sessions)|aws/revocation-)' },
      to: { path: '^(templates|runtime)/' },
    },
    {
      name: 'operators-see-the-rows-of-revocations',
      comment: 'A row means the same to operators, to the token API and to the worker that brings it to the edge.',
      severity: 'error',
      from: { path: '^generator/(commands/sessions|aws/revocation-)' },
      to: { path: '^(templates|runtime)/', pathNot: '^runtime/(sessions/revocation-row|token/token-text)\\.ts$' },
    },
    {
      name: 'the-local-edge-sees-the-runtime',
      comment:
        'It is the deployment on one machine: what runs in AWS runs there, over files. Templates stay out of reach.',
      severity: 'error',
      from: { path: '^generator/local/' },
      to: { path: '^templates/' },
    },
    {
      name: 'token-commands-see-the-shared-runtime',
      comment:
        'They do what an issuer and the edge do, with the same code; what belongs to one module stays out of reach.',
      severity: 'error',
      from: { path: '^generator/commands/token' },
      to: { path: '^(templates|runtime)/', pathNot: '^runtime/(token|keys|issuer|verify)/' },
    },
    {
      name: 'templates-see-the-contract-only',
      severity: 'error',
      from: { path: '^templates/' },
      to: { path: '^generator/', pathNot: '^generator/modules/(contract|permissions)\\.ts$' },
    },
    {
      name: 'modules-do-not-reach-into-each-other',
      severity: 'error',
      from: { path: '^templates/([^/]+)/' },
      to: { path: '^templates/', pathNot: '^templates/$1/' },
    },
    {
      name: 'config-comes-first',
      comment: 'The config stages see nothing of later stages but the shape of a module and the build cache.',
      severity: 'error',
      from: { path: '^generator/config/' },
      to: { path: '^generator/(bundle|render|output|commands|aws)/', pathNot: '^generator/bundle/cache\\.ts$' },
    },
    {
      name: 'render-sees-plan-and-bundles',
      severity: 'error',
      from: { path: '^generator/render/' },
      to: { path: '^generator/(config|output|commands|aws)/' },
    },
    {
      name: 'stages-do-not-call-commands',
      severity: 'error',
      from: { path: '^generator/(?!commands/|main|cli)' },
      to: { path: '^generator/commands/' },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(cloudfront|edgepass/contract)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
