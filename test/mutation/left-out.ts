/** Skips tests that are about njs, or about the text that is made for it: Node.js is given another. */
import { beforeEach } from 'vitest';

/** By the names of suite and test. */
const LEFT_OUT = /^(?:function text|bundling|engine: .*|origins are left alone where there is one)(?: |$)/;

beforeEach(({ task, skip }) => {
  if (LEFT_OUT.test(`${task.suite?.name ?? ''} ${task.name}`)) skip();
});
