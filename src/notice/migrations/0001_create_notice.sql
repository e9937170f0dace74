-- One message to one person over one channel. No numbers or addresses: they are looked up when it is sent.
CREATE TABLE notice_notice (
    id TEXT NOT NULL PRIMARY KEY,
    notice_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    template TEXT NOT NULL,
    arguments BLOB NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    provider_id TEXT NOT NULL,
    CONSTRAINT notice_notice_once UNIQUE (notice_key, channel),
    CONSTRAINT notice_notice_channel CHECK (channel IN ('sms', 'mail')),
    CONSTRAINT notice_notice_state CHECK (state IN ('waiting', 'sent', 'not_connected', 'no_address', 'failed'))
);

CREATE INDEX notice_notice_case ON notice_notice (case_id, created_at);
