/** Files, and how much they hold in bytes. */
export interface Amount {
  files: number;
  bytes: number;
}

/** How much an account may upload in a day (Shanghai), and have uploaded at a time without having handed it in. */
export interface UploadQuota {
  daily: Amount;
  unused: Amount;
}

/** What an account has uploaded: since the day began, and what it hasn't handed in. */
export type Uploaded = UploadQuota;

/** @returns which quota one more file of this size would exceed; undefined where it may be kept */
export function exceededBy(uploaded: Uploaded, size: number, quota: UploadQuota): keyof UploadQuota | undefined {
  const over = (which: keyof UploadQuota) =>
    uploaded[which].files + 1 > quota[which].files || uploaded[which].bytes + size > quota[which].bytes;
  return (['daily', 'unused'] as const).find(over);
}
