ALTER TABLE "notice" ALTER COLUMN "acceptance_number" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "notice" ADD COLUMN "accreditation_id" text;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_accreditation_id_accreditation_id_fk" FOREIGN KEY ("accreditation_id") REFERENCES "public"."accreditation"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "notice_accreditation" ON "notice" USING btree ("accreditation_id","sequence");