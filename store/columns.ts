import { customType, date } from 'drizzle-orm/pg-core';

/** An instant as ISO 8601 in UTC, on both sides; PostgreSQL writes it in another form. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
});

/** A Shanghai date YYYY-MM-DD. */
export const day = (name: string) => date(name, { mode: 'string' });
