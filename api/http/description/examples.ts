import { sample } from './sample.ts';

/** A schema of the document. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  example?: unknown;
  default?: unknown;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
}

/** Where a schema is: the field, and what the field is in. */
interface Place {
  name: string;
  within: string;
}

/**
 * An example of what a schema describes, put together from those of its parts: so it fits, and shows every field.
 * @param schemas the document's components, by name
 */
export function exampleOf(
  schema: Schema,
  schemas: Record<string, Schema>,
  place: Place = { name: '', within: '' },
): unknown {
  if ('example' in schema) return schema.example;
  const of = (part: Schema, at = place) => exampleOf(part, schemas, at);
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return of(schemas[name] ?? {}, { ...place, within: name });
  }
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => of(part)));
  const [first] = [schema.anyOf ?? [], schema.oneOf ?? []].flat();
  if (first) return of(first);
  const known = [`${place.within}.${place.name}`, place.name].find(
    (key) => key in sample && takes(schema, sample[key]),
  );
  if (known !== undefined) return sample[known];
  if ('const' in schema) return schema.const;
  return schema.enum ? schema.enum[0] : exampleOfType(schema, of, place);
}

/** Whether a value is of the schema's kind; that it fits in full the tests see. */
function takes(schema: Schema, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value);
  const types = [schema.type].flat();
  if (value === null) return types.includes('null');
  if (typeof value === 'object') return types.includes(Array.isArray(value) ? 'array' : 'object');
  return types.includes(typeof value) || (types.includes('integer') && Number.isInteger(value));
}

/** Of the formats that have one. */
const formats: Record<string, string> = {
  date: '2026-11-23',
  'date-time': '2026-11-23T02:00:00.000Z',
  uuid: '3f0c8a52-6f0e-4c0b-9d3a-1f2e3d4c5b6a',
};

function exampleOfType(schema: Schema, of: (part: Schema, at?: Place) => unknown, { name, within }: Place): unknown {
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      return Object.fromEntries(
        fields.map(([field, part]) => [field, of(part, { name: field, within: name || within })]),
      );
    }
    case 'array':
      return schema.items ? [of(schema.items)] : [];
    case 'boolean':
      return schema.default ?? false;
    case 'integer':
    case 'number':
      return schema.default ?? schema.minimum ?? 1;
    case 'string':
      return schema.default ?? formats[schema.format ?? ''] ?? '…';
    default:
      return null;
  }
}
