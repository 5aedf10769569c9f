DROP INDEX "notice_case";--> statement-breakpoint
DROP INDEX "notice_accreditation";--> statement-breakpoint
CREATE INDEX "notice_case" ON "notice" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE INDEX "notice_accreditation" ON "notice" USING btree ("accreditation_id","sequence");