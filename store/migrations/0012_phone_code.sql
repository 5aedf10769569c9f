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
ALTER TABLE "form_version" ADD COLUMN "confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "sealed" text;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "phone_code" ADD CONSTRAINT "phone_code_acceptance_number_application_acceptance_number_fk" FOREIGN KEY ("acceptance_number") REFERENCES "public"."application"("acceptance_number") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "phone_code_of_day" ON "phone_code" USING btree ("phone_hash","day","of_day");