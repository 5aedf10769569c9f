CREATE TABLE "application" (
	"acceptance_number" text PRIMARY KEY NOT NULL,
	"submitted_by" text NOT NULL,
	"submitted_at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"channel" text NOT NULL,
	"disease_code" text NOT NULL,
	"personal" text NOT NULL,
	"id_number_hash" text NOT NULL,
	"phone_hash" text NOT NULL,
	"form" jsonb NOT NULL,
	"policy_version" text NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"round" integer NOT NULL,
	"state" jsonb NOT NULL,
	"assignee" text,
	"escalation_level" smallint DEFAULT 0 NOT NULL,
	"due_on" date,
	"provisional" boolean DEFAULT false NOT NULL,
	"working_days_left" integer,
	"window_ends_on" date,
	"closed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "arrangement" (
	"year" smallint NOT NULL,
	"version" integer NOT NULL,
	"days_off" jsonb NOT NULL,
	"make_up_days" jsonb NOT NULL,
	"notice" text,
	CONSTRAINT "arrangement_year_version_pk" PRIMARY KEY("year","version")
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"id" smallint PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file" (
	"id" text PRIMARY KEY NOT NULL,
	"sha256" text NOT NULL,
	"content_type" text NOT NULL,
	"size" integer NOT NULL,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"acceptance_number" text
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"subject" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"acceptance_number" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"answer" text,
	CONSTRAINT "idempotency_subject_key_pk" PRIMARY KEY("subject","key")
);
--> statement-breakpoint
CREATE TABLE "material" (
	"acceptance_number" text NOT NULL,
	"sequence" integer NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	"issued_on" date,
	"replaced_by" integer,
	CONSTRAINT "material_acceptance_number_sequence_position_pk" PRIMARY KEY("acceptance_number","sequence","position")
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text NOT NULL,
	"sequence" integer NOT NULL,
	"purpose" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"sent_at" timestamp with time zone,
	"provider_id" text,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"roles" jsonb NOT NULL,
	"email" text NOT NULL,
	"phone" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timeline" (
	"acceptance_number" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"round" integer NOT NULL,
	"kind" text NOT NULL,
	"by" text NOT NULL,
	"via" text NOT NULL,
	"status" text NOT NULL,
	"detail" jsonb NOT NULL,
	"request_id" text,
	CONSTRAINT "timeline_acceptance_number_sequence_pk" PRIMARY KEY("acceptance_number","sequence")
);
--> statement-breakpoint
ALTER TABLE "file" ADD CONSTRAINT "file_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "material" ADD CONSTRAINT "material_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message" ADD CONSTRAINT "message_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "application_worklist" ON "application" USING btree ("due_on","submitted_at","acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_assignee" ON "application" USING btree ("assignee","due_on") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_submitted_by" ON "application" USING btree ("submitted_by","submitted_at");--> statement-breakpoint
CREATE INDEX "application_person" ON "application" USING btree ("id_number_hash");--> statement-breakpoint
CREATE INDEX "application_unstarted" ON "application" USING btree ("submitted_at") WHERE "application"."sequence" = 0;--> statement-breakpoint
CREATE INDEX "file_sha256" ON "file" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "message_case" ON "message" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "timeline_request" ON "timeline" USING btree ("request_id");