-- Accounts of persons (by the identity room) and of posts (by password and second factor), their rights and sessions.
CREATE TABLE auth_account (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT UNIQUE,
    display_name TEXT NOT NULL,
    person TEXT UNIQUE,
    password_hash TEXT,
    totp_sealed BLOB,
    totp_last_step BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT auth_account_state CHECK (state IN ('active', 'disabled')),
    created_at BIGINT NOT NULL,
    CONSTRAINT auth_account_kind CHECK ((login IS NULL) <> (person IS NULL))
);
CREATE TABLE auth_grant (
    account TEXT NOT NULL REFERENCES auth_account (id),
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (account, role, region, unit)
);
-- Attempts at logins, also at those that do not exist, so that a lock tells nothing.
CREATE TABLE auth_attempt (
    login_hash TEXT NOT NULL PRIMARY KEY,
    failed BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE auth_session (
    token_digest TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES auth_account (id),
    cookie BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX auth_session_account ON auth_session (account);
-- Who looked at whose personal data, or tried to.
CREATE TABLE auth_unmasked_read (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    fields TEXT NOT NULL,
    case_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    refused BIGINT NOT NULL
);
CREATE INDEX auth_unmasked_read_person ON auth_unmasked_read (person, id);
