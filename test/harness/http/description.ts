import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Schema {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}
export interface Content {
  [type: string]: { schema: Schema; example?: unknown; examples?: Record<string, { $ref: string }> };
}
export interface Operation {
  operationId: string;
  tags: string[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; examples: Record<string, { value: unknown }> };
  tags: { name: string }[];
  servers: { url: string }[];
}

/** All that the document describes: `get /v1/worklist` and the like. */
export const operationsOf = ({ paths }: Description) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method} ${path}`, path, method, operation })),
  );

/** @returns a function that says what is wrong with a value, by the schema at a place of the document; '' for nothing */
export function checkerOf(description: Description) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(description, 'api');
  const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
  return (place: string[], value: unknown): string => {
    const pointer = place.map(escaped).map(encodeURIComponent).join('/');
    const validate = ajv.getSchema(`api#/${pointer}`);
    if (!validate) return `nothing is at ${pointer}`;
    return validate(value) ? '' : ajv.errorsText(validate.errors);
  };
}

/** The fields of a value that its schema doesn't describe, though it lets them pass. */
export function undescribed({ components }: Description, schema: Schema, value: unknown, at = ''): string[] {
  if (Array.isArray(value)) {
    const { items } = merged(components.schemas, schema);
    return value.flatMap((item) => (items ? undescribed({ components } as Description, items, item, `${at}[]`) : []));
  }
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {}, additionalProperties } = merged(components.schemas, schema);
  return Object.entries(value).flatMap(([name, field]) => {
    const part = properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return part ? undescribed({ components } as Description, part, field, `${at}.${name}`) : [`${at}.${name}`];
  });
}

/** A schema with all that it refers to. */
function merged(schemas: Record<string, Schema>, schema: Schema): Schema {
  const named = schema.$ref ? [schemas[schema.$ref.split('/').at(-1) ?? ''] as Schema] : [];
  const parts = [...named, ...(schema.allOf ?? []), ...(schema.anyOf ?? [])].map((part) => merged(schemas, part));
  const properties = Object.assign({}, ...parts.map((part) => part.properties), schema.properties);
  return Object.assign({}, ...parts, schema, { properties });
}
