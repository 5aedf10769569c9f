CREATE TABLE "accreditation" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"submitted_by" text,
	"personal" text NOT NULL,
	"id_number_hash" text NOT NULL,
	"disease_code" text NOT NULL,
	"insured_type" text NOT NULL,
	"tier" text,
	"institution" text,
	"policy_version" text NOT NULL,
	"registration_number" text,
	"valid_from" date NOT NULL,
	"valid_until" date,
	"status" text NOT NULL,
	"state" jsonb NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "accreditation_source_key_unique" UNIQUE("source_key")
);
--> statement-breakpoint
CREATE TABLE "accreditation_entry" (
	"accreditation_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"by" text NOT NULL,
	"via" text NOT NULL,
	"status" text NOT NULL,
	"detail" jsonb NOT NULL,
	"request_id" text,
	CONSTRAINT "accreditation_entry_accreditation_id_sequence_pk" PRIMARY KEY("accreditation_id","sequence")
);
--> statement-breakpoint
ALTER TABLE "message" ALTER COLUMN "acceptance_number" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "application" ADD COLUMN "accreditation_id" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "accreditation_id" text;--> statement-breakpoint
ALTER TABLE "accreditation_entry" ADD CONSTRAINT "accreditation_entry_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accreditation_person" ON "accreditation" USING btree ("id_number_hash","disease_code");--> statement-breakpoint
CREATE INDEX "accreditation_submitted_by" ON "accreditation" USING btree ("submitted_by");--> statement-breakpoint
CREATE INDEX "accreditation_list" ON "accreditation" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "accreditation_unstarted" ON "accreditation" USING btree ("created_at") WHERE "accreditation"."sequence" = 0;--> statement-breakpoint
CREATE INDEX "accreditation_entry_request" ON "accreditation_entry" USING btree ("request_id");--> statement-breakpoint
ALTER TABLE "message" ADD CONSTRAINT "message_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_accreditation" ON "message" USING btree ("accreditation_id","sequence");