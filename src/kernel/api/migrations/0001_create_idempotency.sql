-- The first answer to each write (headers and body, sealed together), kept for the life of the case (subject), so that a repeat changes nothing.
-- status 0 is a claim inside a running transaction; it is never visible after a commit.
CREATE TABLE api_idempotency (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer_sealed BLOB,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX api_idempotency_subject ON api_idempotency (subject);
