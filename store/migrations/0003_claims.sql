CREATE TABLE "claim" (
	"key" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"acceptance_number" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "material" ADD COLUMN "original_seen" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "claim" ADD CONSTRAINT "claim_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "claim_case" ON "claim" USING btree ("acceptance_number");--> statement-breakpoint
INSERT INTO "claim" ("key", "kind", "acceptance_number")
SELECT 'open:' || "type" || ':' || "disease_code" || ':' || "id_number_hash", 'open', "acceptance_number"
FROM "application" WHERE NOT "closed" ORDER BY "submitted_at", "acceptance_number"
ON CONFLICT DO NOTHING;
