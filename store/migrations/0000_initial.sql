CREATE TABLE "accreditation" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"source_key" text NOT NULL,
	"personal" text NOT NULL,
	"id_number_hash" text NOT NULL,
	"disease_code" text NOT NULL,
	"insured_type" text NOT NULL,
	"tier" text,
	"institution" text,
	"further_institutions" text,
	"policy_version" text NOT NULL,
	"registration_number" text,
	"begun_on" date NOT NULL,
	"valid_from" date NOT NULL,
	"valid_until" date,
	"status" text NOT NULL,
	"state" jsonb NOT NULL,
	"sequence" integer DEFAULT 0 NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	"erased_at" timestamp with time zone,
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
	"detail" text NOT NULL,
	"request_id" text,
	CONSTRAINT "accreditation_entry_accreditation_id_sequence_pk" PRIMARY KEY("accreditation_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "audit_chain" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"last" bigint NOT NULL,
	"mac" text NOT NULL,
	"head_mac" text NOT NULL,
	CONSTRAINT "audit_chain_number_unique" UNIQUE("number")
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"chain" text NOT NULL,
	"position" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"role" text NOT NULL,
	"action" text NOT NULL,
	"kind" text NOT NULL,
	"part" text NOT NULL,
	"objects" text[] NOT NULL,
	"people" text[] NOT NULL,
	"why" text NOT NULL,
	"circumstances_hash" text NOT NULL,
	"circumstances" text,
	"previous" text NOT NULL,
	"mac" text NOT NULL,
	CONSTRAINT "audit_entry_chain_position_pk" PRIMARY KEY("chain","position")
);
--> statement-breakpoint
CREATE TABLE "arrangement" (
	"year" smallint NOT NULL,
	"version" integer NOT NULL,
	"days_off" jsonb NOT NULL,
	"make_up_days" jsonb NOT NULL,
	"circular" text,
	"published_on" date,
	"entered_by" text DEFAULT 'system' NOT NULL,
	"entered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "arrangement_year_version_pk" PRIMARY KEY("year","version")
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"id" smallint PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"recomputed" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "case_note" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
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
	"name_hash" text NOT NULL,
	"phone_tail_hash" text NOT NULL,
	"agent_hash" text,
	"form" text NOT NULL,
	"policy_version" text NOT NULL,
	"accreditation_id" text,
	"insured" text,
	"core_phone" text,
	"sequence" integer DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"round" integer NOT NULL,
	"state" jsonb NOT NULL,
	"assignee" text,
	"reserved_until" timestamp with time zone,
	"reserved_for" text,
	"escalation_level" smallint DEFAULT 0 NOT NULL,
	"due_on" date,
	"provisional" boolean DEFAULT false NOT NULL,
	"working_days_left" integer,
	"window_ends_on" date,
	"appeal_until" date,
	"announced_due_on" date,
	"announced_window_ends_on" date,
	"calendar_version" integer,
	"calendar_unheard" boolean DEFAULT false NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	"attended" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"erased_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "claim" (
	"key" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"acceptance_number" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "form_version" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text NOT NULL,
	"personal" text NOT NULL,
	"phone_hash" text NOT NULL,
	"agent_hash" text,
	"form" text NOT NULL,
	"sequence" integer,
	"confirmed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "material" (
	"acceptance_number" text NOT NULL,
	"sequence" integer NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"file_ids" jsonb NOT NULL,
	"issued_on" date,
	"original_seen" boolean DEFAULT false NOT NULL,
	"replaced_by" integer,
	CONSTRAINT "material_acceptance_number_sequence_position_pk" PRIMARY KEY("acceptance_number","sequence","position")
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
	"detail" text NOT NULL,
	"level" smallint,
	"late" boolean NOT NULL,
	"belated" boolean NOT NULL,
	"request_id" text,
	CONSTRAINT "timeline_acceptance_number_sequence_pk" PRIMARY KEY("acceptance_number","sequence")
);
--> statement-breakpoint
CREATE TABLE "case_file" (
	"acceptance_number" text NOT NULL,
	"file_id" text NOT NULL,
	CONSTRAINT "case_file_acceptance_number_file_id_pk" PRIMARY KEY("acceptance_number","file_id")
);
--> statement-breakpoint
CREATE TABLE "file" (
	"id" text PRIMARY KEY NOT NULL,
	"sha256" text NOT NULL,
	"content_type" text NOT NULL,
	"size" integer NOT NULL,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"wanted_at" timestamp with time zone NOT NULL,
	"id_number_hash" text
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
CREATE TABLE "core_event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"id_number_hash" text NOT NULL,
	"kind" text NOT NULL,
	"happened_on" date NOT NULL,
	"settled_at" timestamp with time zone,
	"reopened" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "limit_count" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text,
	"accreditation_id" text,
	"sequence" integer NOT NULL,
	"kind" text NOT NULL,
	"year" smallint NOT NULL,
	"number" integer NOT NULL,
	"content" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice_counter" (
	"kind" text NOT NULL,
	"year" smallint NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "notice_counter_kind_year_pk" PRIMARY KEY("kind","year")
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"notification_id" text NOT NULL,
	"number" smallint NOT NULL,
	"provider" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"provider_id" text,
	"receipt" text,
	"ask_at" timestamp with time zone,
	"sealed" text NOT NULL,
	CONSTRAINT "attempt_notification_id_number_pk" PRIMARY KEY("notification_id","number")
);
--> statement-breakpoint
CREATE TABLE "call" (
	"notification_id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"tries" text NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" text,
	"outcome" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "notification" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text,
	"accreditation_id" text,
	"sequence" integer NOT NULL,
	"purpose" text NOT NULL,
	"channel" text NOT NULL,
	"recipient" text NOT NULL,
	"recipient_key" text NOT NULL,
	"subject" text,
	"body" text NOT NULL,
	"template_code" text,
	"parameters" text,
	"sealed" text,
	"created_at" timestamp with time zone NOT NULL,
	"leaving" text NOT NULL,
	"leaves_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"carried_by" text,
	"state" text NOT NULL,
	"settled_at" timestamp with time zone,
	"failure" text,
	"followed" boolean DEFAULT false NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"read_by" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "phone_code" (
	"acceptance_number" text NOT NULL,
	"number" integer NOT NULL,
	"phone" text NOT NULL,
	"phone_hash" text NOT NULL,
	"code_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"wrong_tries" smallint DEFAULT 0 NOT NULL,
	"confirmed_at" timestamp with time zone,
	"day" date NOT NULL,
	"of_day" smallint NOT NULL,
	CONSTRAINT "phone_code_acceptance_number_number_pk" PRIMARY KEY("acceptance_number","number")
);
--> statement-breakpoint
CREATE TABLE "erasure" (
	"id" text PRIMARY KEY NOT NULL,
	"id_number_hash" text,
	"by" text NOT NULL,
	"reason" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"cases" integer DEFAULT 0 NOT NULL,
	"accreditations" integer DEFAULT 0 NOT NULL,
	"files" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "legal_hold" (
	"id" text PRIMARY KEY NOT NULL,
	"id_number_hash" text,
	"acceptance_number" text,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"lifted_by" text,
	"lifted_at" timestamp with time zone,
	"lift_reason" text
);
--> statement-breakpoint
CREATE TABLE "absence" (
	"id" text PRIMARY KEY NOT NULL,
	"staff_id" text NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date,
	"substitute" text,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"started" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp with time zone,
	"handover" jsonb
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"roles" jsonb NOT NULL,
	"email" text NOT NULL,
	"phone" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accreditation_entry" ADD CONSTRAINT "accreditation_entry_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_chain_audit_chain_id_fk" FOREIGN KEY ("chain") REFERENCES "public"."audit_chain"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_note" ADD CONSTRAINT "case_note_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim" ADD CONSTRAINT "claim_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "form_version" ADD CONSTRAINT "form_version_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "material" ADD CONSTRAINT "material_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_file" ADD CONSTRAINT "case_file_file_id_file_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."file"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_notification_id_notification_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notification"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call" ADD CONSTRAINT "call_notification_id_notification_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notification"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification" ADD CONSTRAINT "notification_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification" ADD CONSTRAINT "notification_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_code" ADD CONSTRAINT "phone_code_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_hold" ADD CONSTRAINT "legal_hold_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_substitute_staff_id_fk" FOREIGN KEY ("substitute") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accreditation_person" ON "accreditation" USING btree ("id_number_hash","disease_code");--> statement-breakpoint
CREATE INDEX "accreditation_list" ON "accreditation" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "accreditation_status" ON "accreditation" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "accreditation_registration" ON "accreditation" USING btree ("registration_number");--> statement-breakpoint
CREATE INDEX "accreditation_open" ON "accreditation" USING btree ("id") WHERE not "accreditation"."closed";--> statement-breakpoint
CREATE INDEX "accreditation_entry_request" ON "accreditation_entry" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit_entry" USING btree ("at","chain","position");--> statement-breakpoint
CREATE INDEX "audit_by" ON "audit_entry" USING btree ("by","at");--> statement-breakpoint
CREATE INDEX "audit_objects" ON "audit_entry" USING gin ("objects");--> statement-breakpoint
CREATE INDEX "audit_people" ON "audit_entry" USING gin ("people");--> statement-breakpoint
CREATE INDEX "case_note_case" ON "case_note" USING btree ("acceptance_number","at");--> statement-breakpoint
CREATE INDEX "application_list" ON "application" USING btree ("submitted_at","acceptance_number");--> statement-breakpoint
CREATE INDEX "application_worklist" ON "application" USING btree ((coalesce("due_on", 'infinity')),"submitted_at","acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_pool" ON "application" USING btree ((coalesce("due_on", 'infinity')),"submitted_at","acceptance_number") WHERE not "application"."closed" and "application"."assignee" is null;--> statement-breakpoint
CREATE INDEX "application_age" ON "application" USING btree ("submitted_at","acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_assignee" ON "application" USING btree ("assignee",(coalesce("due_on", 'infinity')),"submitted_at","acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_total" ON "application" USING btree ("status","assignee","disease_code","type","channel","escalation_level","due_on") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "application_reserved" ON "application" USING btree ("reserved_for") WHERE "application"."reserved_for" is not null;--> statement-breakpoint
CREATE INDEX "application_tail" ON "application" USING btree ((right("acceptance_number", 6)));--> statement-breakpoint
CREATE INDEX "application_name" ON "application" USING btree ("name_hash");--> statement-breakpoint
CREATE INDEX "application_phone_tail" ON "application" USING btree ("phone_tail_hash");--> statement-breakpoint
CREATE INDEX "application_submitted_by" ON "application" USING btree ("submitted_by","submitted_at");--> statement-breakpoint
CREATE INDEX "application_person" ON "application" USING btree ("id_number_hash");--> statement-breakpoint
CREATE INDEX "application_phone" ON "application" USING btree ("phone_hash");--> statement-breakpoint
CREATE INDEX "application_agent" ON "application" USING btree ("agent_hash") WHERE "application"."agent_hash" is not null;--> statement-breakpoint
CREATE INDEX "application_calendar_unheard" ON "application" USING btree ("acceptance_number") WHERE "application"."calendar_unheard";--> statement-breakpoint
CREATE INDEX "application_open" ON "application" USING btree ("acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "claim_case" ON "claim" USING btree ("acceptance_number");--> statement-breakpoint
CREATE INDEX "form_version_case" ON "form_version" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "form_version_agent" ON "form_version" USING btree ("agent_hash") WHERE "form_version"."agent_hash" is not null;--> statement-breakpoint
CREATE INDEX "timeline_request" ON "timeline" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "timeline_at" ON "timeline" USING btree ("at");--> statement-breakpoint
CREATE INDEX "case_file_file" ON "case_file" USING btree ("file_id");--> statement-breakpoint
CREATE INDEX "file_sha256" ON "file" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "file_uploader" ON "file" USING btree ("uploaded_by","uploaded_at");--> statement-breakpoint
CREATE INDEX "file_unused" ON "file" USING btree ("uploaded_by") WHERE "file"."id_number_hash" is null;--> statement-breakpoint
CREATE INDEX "core_event_person" ON "core_event" USING btree ("id_number_hash","happened_on");--> statement-breakpoint
CREATE INDEX "core_event_unsettled" ON "core_event" USING btree ("happened_on") WHERE "core_event"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "limit_count_expire" ON "limit_count" USING btree ("expire");--> statement-breakpoint
CREATE INDEX "notice_case" ON "notice" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "notice_accreditation" ON "notice" USING btree ("accreditation_id","sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "notice_number" ON "notice" USING btree ("kind","year","number");--> statement-breakpoint
CREATE INDEX "attempt_provider" ON "attempt" USING btree ("provider","provider_id");--> statement-breakpoint
CREATE INDEX "attempt_ask" ON "attempt" USING btree ("ask_at") WHERE "attempt"."ask_at" is not null;--> statement-breakpoint
CREATE INDEX "call_open" ON "call" USING btree ("created_at") WHERE "call"."done_at" is null;--> statement-breakpoint
CREATE INDEX "notification_case" ON "notification" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "notification_accreditation" ON "notification" USING btree ("accreditation_id","sequence");--> statement-breakpoint
CREATE INDEX "notification_carried" ON "notification" USING btree ("carried_by") WHERE "notification"."carried_by" is not null;--> statement-breakpoint
CREATE INDEX "notification_queued" ON "notification" USING btree ("recipient_key","leaving") WHERE "notification"."state" = 'queued';--> statement-breakpoint
CREATE INDEX "notification_failed" ON "notification" USING btree ("settled_at") WHERE "notification"."state" = 'failed' and not "notification"."followed";--> statement-breakpoint
CREATE UNIQUE INDEX "phone_code_of_day" ON "phone_code" USING btree ("phone_hash","day","of_day");--> statement-breakpoint
CREATE UNIQUE INDEX "erasure_under_way" ON "erasure" USING btree ("id_number_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "legal_hold_person" ON "legal_hold" USING btree ("id_number_hash") WHERE "legal_hold"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "legal_hold_case" ON "legal_hold" USING btree ("acceptance_number") WHERE "legal_hold"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "absence_standing" ON "absence" USING btree ("staff_id") WHERE "absence"."ended_at" is null;