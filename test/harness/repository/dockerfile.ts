import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { inRepository } from './compose.ts';

/** The Dockerfile's text. */
export const dockerfileSource = readFileSync(inRepository('Dockerfile'), 'utf8');

const parsed = DockerfileParser.parse(dockerfileSource);

/** The variables that the image sets. */
export const imageEnv: Record<string, string> = Object.fromEntries(
  parsed.getENVs().flatMap((env) => env.getProperties().map((set) => [set.getName(), set.getValue() ?? ''])),
);

/** What is copied from the repository into the image (not from one stage to the next): [from where, to where]. */
export const copies: [source: string, target: string][] = parsed
  .getCOPYs()
  .filter((copy) => !copy.getFromFlag())
  .flatMap((copy) => {
    const paths = copy.getArguments().map((argument) => argument.getValue());
    return paths.slice(0, -1).map((source): [string, string] => [source, paths.at(-1) ?? '.']);
  });

/** The shell commands of the build. */
export const runs: string[] = parsed
  .getInstructions()
  .filter((instruction) => instruction.getKeyword() === 'RUN')
  .map((instruction) => instruction.getArgumentsContent() ?? '');
