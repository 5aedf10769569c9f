DROP INDEX "accreditation_unstarted";--> statement-breakpoint
DROP INDEX "application_unstarted";--> statement-breakpoint
DROP INDEX "application_worklist";--> statement-breakpoint
DROP INDEX "notice_case";--> statement-breakpoint
DROP INDEX "notice_accreditation";--> statement-breakpoint
ALTER TABLE "calendar" ADD COLUMN "recomputed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "accreditation_status" ON "accreditation" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "accreditation_registration" ON "accreditation" USING btree ("registration_number");--> statement-breakpoint
CREATE INDEX "accreditation_open" ON "accreditation" USING btree ("id") WHERE not "accreditation"."closed";--> statement-breakpoint
CREATE INDEX "application_list" ON "application" USING btree ("submitted_at","acceptance_number");--> statement-breakpoint
CREATE INDEX "application_open" ON "application" USING btree ("acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "file_case" ON "file" USING btree ("acceptance_number");--> statement-breakpoint
CREATE INDEX "application_worklist" ON "application" USING btree ((coalesce("due_on", 'infinity')),"submitted_at","acceptance_number") WHERE not "application"."closed";--> statement-breakpoint
CREATE INDEX "notice_case" ON "notice" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "notice_accreditation" ON "notice" USING btree ("accreditation_id","sequence");