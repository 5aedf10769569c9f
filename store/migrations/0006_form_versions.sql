CREATE TABLE "form_version" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text NOT NULL,
	"personal" text NOT NULL,
	"phone_hash" text NOT NULL,
	"form" jsonb NOT NULL,
	"sequence" integer
);
--> statement-breakpoint
ALTER TABLE "form_version" ADD CONSTRAINT "form_version_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "form_version_case" ON "form_version" USING btree ("acceptance_number","sequence");