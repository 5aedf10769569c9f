ALTER TABLE "application" ADD COLUMN "told_due_on" date;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "told_window_ends_on" date;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "calendar_version" integer;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "calendar_unheard" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "arrangement" ADD COLUMN "published_on" date;--> statement-breakpoint
ALTER TABLE "arrangement" ADD COLUMN "entered_by" text DEFAULT 'system' NOT NULL;--> statement-breakpoint
ALTER TABLE "arrangement" ADD COLUMN "entered_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "application_calendar_unheard" ON "application" USING btree ("acceptance_number") WHERE "application"."calendar_unheard";--> statement-breakpoint
UPDATE "application" SET "told_due_on" = CASE WHEN "status" <> 'rejected' THEN "due_on" END, "told_window_ends_on" = "window_ends_on",
  "calendar_version" = (SELECT "version" FROM "calendar") WHERE "sequence" > 0;--> statement-breakpoint
UPDATE "arrangement" SET "notice" = '待核实' WHERE "notice" IS NULL;
