// Prints the plain line that closes a CI run, from vitest's JSON report.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// A file that fails before its first test is a failure that no test counts.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles} failed\n`);
