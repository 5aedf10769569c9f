import { builtBundle } from './workflow-bundle.ts';

/** Builds the bundle of the workflows, in a process that ends: the bundler takes more memory than all else. */
await builtBundle();
