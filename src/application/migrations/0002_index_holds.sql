-- Holds that end soon are looked for every hour.
CREATE INDEX application_case_by_hold ON application_case (name_hold_until);
