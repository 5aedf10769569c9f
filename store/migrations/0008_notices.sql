CREATE TABLE "notice" (
	"id" text PRIMARY KEY NOT NULL,
	"acceptance_number" text NOT NULL,
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
ALTER TABLE "notice" ADD CONSTRAINT "notice_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "notice_case" ON "notice" USING btree ("acceptance_number","sequence");--> statement-breakpoint
CREATE UNIQUE INDEX "notice_number" ON "notice" USING btree ("kind","year","number");