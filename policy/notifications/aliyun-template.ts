import { type Contradiction, refuse } from '../checks/contradiction.ts';
import { fill, LONGEST_VALUE } from '../texts.ts';

/**
 * What 阿里云 wouldn't take of a 短信 that it knows by a template (模板): a value that is too long for it.
 * @param aliyun code of the template; without one nothing goes that way
 * @param values the longest that the parameters are filled with
 */
export function aliyunProblems(
  { sms, aliyun }: { sms?: string | undefined; aliyun?: string | undefined },
  path: PropertyKey[],
  values: Record<string, string | number>,
): Contradiction[] {
  if (!sms || !aliyun) return [];
  return [...sms.matchAll(/\{\w+\}/g)].flatMap(([parameter]) => {
    const { length } = fill(parameter, values);
    const message = `${parameter} has ${length} characters at its longest; 阿里云 takes ${LONGEST_VALUE}`;
    return refuse(length > LONGEST_VALUE, path, message);
  });
}
