CREATE TABLE "attempt" (
	"message_id" text NOT NULL,
	"number" smallint NOT NULL,
	"provider" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"provider_id" text,
	"receipt" text,
	"ask_at" timestamp with time zone,
	"sealed" text,
	CONSTRAINT "attempt_message_id_number_pk" PRIMARY KEY("message_id","number")
);
--> statement-breakpoint
CREATE TABLE "call" (
	"message_id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"tries" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" text,
	"outcome" text,
	"note" text
);
--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "recipient_key" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "template_code" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "parameters" jsonb;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "leaving" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "leaves_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "carried_by" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "settled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "followed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "steps" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
-- What was sent before is kept: by whom, and that it was taken. Nobody was going to ask for its receipt, nor to walk on with what had failed: both
-- stay so, or people would be phoned about what is long past.
UPDATE "message" SET
	"recipient_key" = CASE WHEN "recipient" = 'applicant' THEN coalesce(
		(SELECT "id_number_hash" || ' ' || "phone_hash" FROM "application" WHERE "application"."acceptance_number" = "message"."acceptance_number"),
		(SELECT "id_number_hash" FROM "accreditation" WHERE "accreditation"."id" = "message"."accreditation_id"),
		"recipient"
	) ELSE "recipient" END,
	"leaving" = 'anyTime',
	"leaves_at" = "created_at",
	"settled_at" = CASE WHEN "state" = 'queued' THEN NULL ELSE coalesce("sent_at", "created_at") END,
	"followed" = "state" = 'failed',
	"state" = CASE WHEN "channel" = 'app' THEN 'delivered' ELSE "state" END;--> statement-breakpoint
INSERT INTO "attempt" ("message_id", "number", "provider", "started_at", "outcome", "provider_id", "receipt")
	SELECT "id", 1, CASE WHEN "channel" = 'sms' THEN 'twilio' ELSE 'smtp' END, "sent_at", 'taken', "provider_id", 'underWay'
	FROM "message" WHERE "channel" <> 'app' AND "sent_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ALTER COLUMN "recipient_key" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ALTER COLUMN "leaving" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ALTER COLUMN "leaves_at" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_message_id_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."message"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call" ADD CONSTRAINT "call_message_id_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."message"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempt_provider" ON "attempt" USING btree ("provider","provider_id");--> statement-breakpoint
CREATE INDEX "attempt_ask" ON "attempt" USING btree ("ask_at") WHERE "attempt"."ask_at" is not null;--> statement-breakpoint
CREATE INDEX "call_open" ON "call" USING btree ("created_at") WHERE "call"."done_at" is null;--> statement-breakpoint
CREATE INDEX "message_carried" ON "message" USING btree ("carried_by") WHERE "message"."carried_by" is not null;--> statement-breakpoint
CREATE INDEX "message_queued" ON "message" USING btree ("recipient_key","leaving") WHERE "message"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "message_failed" ON "message" USING btree ("settled_at") WHERE "message"."state" = 'failed' and not "message"."followed";--> statement-breakpoint
ALTER TABLE "message" DROP COLUMN "sent_at";--> statement-breakpoint
ALTER TABLE "message" DROP COLUMN "provider_id";