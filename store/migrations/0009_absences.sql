CREATE TABLE "absence" (
	"id" text PRIMARY KEY NOT NULL,
	"staff_id" text NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"substitute" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"started" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp with time zone,
	"handover" jsonb
);
--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absence" ADD CONSTRAINT "absence_substitute_staff_id_fk" FOREIGN KEY ("substitute") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "absence_standing" ON "absence" USING btree ("staff_id") WHERE "absence"."ended_at" is null;